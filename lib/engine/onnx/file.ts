/** The bytes of an ONNX file. */
import protobuf from 'protobufjs';
import { checksumOf } from '../../base/sealed';

/** The part of onnx.proto (Apache-2.0, ONNX project) that a model here takes. */
const SCHEMA = `
syntax = "proto3";
message Model { int64 irVersion = 1; string producerName = 2; Graph graph = 7; repeated Opset opsetImport = 8; repeated Entry metadataProps = 14; }
message Opset { string domain = 1; int64 version = 2; }
message Entry { string key = 1; string value = 2; }
message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated Value input = 11; repeated Value output = 12; }
message Node { repeated string input = 1; repeated string output = 2; string name = 3; string opType = 4; repeated Attribute attribute = 5; }
message Attribute { string name = 1; float f = 2; int64 i = 3; bytes s = 4; Graph g = 6; repeated int64 ints = 8; int32 type = 20; }
message Tensor { repeated int64 dims = 1; int32 dataType = 2; string name = 8; bytes rawData = 9; }
message Value { string name = 1; Type type = 2; }
message Type { TensorType tensorType = 1; }
message TensorType { int32 elemType = 1; Shape shape = 2; }
message Shape { repeated Dim dim = 1; }
message Dim { int64 dimValue = 1; string dimParam = 2; }
`;
const Model = protobuf.parse(SCHEMA).root.lookupType('Model');

/** ONNX's numbers for types of values. */
export const TYPE = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;
export type OnnxType = keyof typeof TYPE;

/** The versions that LayerNormalization and Trilu stand in, and their file format. */
const OPSET = 17;
const FORMAT = 8;

export type Attributes = Readonly<Record<string, number | string | readonly number[] | OnnxGraph>>;

/** The name of a value, and its dimensions: sizes, or names of those that vary. */
type ValueInfo = {
  readonly name: string;
  readonly type: OnnxType;
  readonly dims: readonly (number | string)[];
};

const dimOf = (dim: number | string) => (typeof dim === 'string' ? { dimParam: dim } : { dimValue: dim });
const valueInfo = ({ name, type, dims }: ValueInfo) => {
  const tensorType = { elemType: TYPE[type], shape: { dim: dims.map(dimOf) } };
  return { name, type: { tensorType } };
};

function attributeOf([name, value]: [string, Attributes[string]]): object {
  if (value instanceof OnnxGraph) return { name, g: value.content(), type: 5 };
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: 3 };
  if (name === 'epsilon') return { name, f: value, type: 1 };
  if (typeof value === 'number') return { name, i: value, type: 2 };
  return { name, ints: value, type: 7 };
}

type Node = {
  readonly opType: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attributes: Attributes;
};

/** An ONNX graph under construction; values are known by their names. */
export class OnnxGraph {
  private readonly nodes: Node[] = [];
  private readonly held = new Map<string, { readonly name: string }>();
  private readonly inputs: ValueInfo[] = [];
  private readonly outputs: ValueInfo[] = [];

  /** `prefix`: of the names of what is added, so that those of a graph within another one are its own. */
  constructor(
    private readonly name: string,
    private readonly prefix = '',
  ) {}

  op(opType: string, input: readonly string[], attributes: Attributes = {}, outputs = 1): string[] {
    const stem = `${this.prefix}${opType}${this.nodes.length}`;
    const output = Array.from({ length: outputs }, (_, i) => (i === 0 ? stem : `${stem}.${i}`));
    this.nodes.push({ opType, name: stem, input, output, attributes });
    return output;
  }

  /** An op with one output. */
  one(opType: string, input: readonly string[], attributes?: Attributes): string {
    return this.op(opType, input, attributes)[0];
  }

  /** A value of the file itself; the same value is held once. */
  hold(type: OnnxType, dims: readonly number[], bytes: Uint8Array): string {
    const key = `${type} ${dims.join('x')} ${checksumOf(bytes)}`;
    const { name } = this.held.get(key) ?? { name: `${this.prefix}held${this.held.size}` };
    const tensor = { name, dims, dataType: TYPE[type], rawData: bytes };
    this.held.set(key, tensor);
    return name;
  }

  ints(...values: readonly number[]): string {
    return this.hold('int64', [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
  }

  floats(...values: readonly number[]): string {
    return this.hold('float32', [values.length], new Uint8Array(Float32Array.from(values).buffer));
  }

  takes(value: ValueInfo): void {
    this.inputs.push(value);
  }

  /** Gives a value under a name of its own. */
  gives(value: string, as: ValueInfo): void {
    const { name } = as;
    this.nodes.push({ opType: 'Identity', name, input: [value], output: [name], attributes: {} });
    this.outputs.push(as);
  }

  /** Names of the values that nodes take, those within other graphs too. */
  private reads(): ReadonlySet<string> {
    const inside = (value: Attributes[string]) => (value instanceof OnnxGraph ? [...value.reads()] : []);
    const of = ({ input, attributes }: Node) => [...input, ...Object.values(attributes).flatMap(inside)];
    return new Set(this.nodes.flatMap(of));
  }

  content(): object {
    const read = this.reads();
    return {
      name: this.name,
      node: this.nodes.map(({ attributes, ...node }) => ({
        ...node,
        attribute: Object.entries(attributes).map(attributeOf),
      })),
      initializer: [...this.held.values()].filter(({ name }) => read.has(name)),
      input: this.inputs.map(valueInfo),
      output: this.outputs.map(valueInfo),
    };
  }
}

/** The bytes of a model with texts beside it. */
export const modelFile = (graph: OnnxGraph, metadata: Readonly<Record<string, string>>): Uint8Array =>
  Model.encode({
    irVersion: FORMAT,
    producerName: 'peterrec-workbench',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: graph.content(),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  }).finish();
