import protobuf from 'protobufjs';
import type { NodeDef, Ref } from '../graph/graph';
import type { InputSpec } from '../graph/signature';

/** The part of TensorFlow's saved_model.proto that a program writes. */
const SCHEMA = `
syntax = "proto3";
message SavedModel { int64 savedModelSchemaVersion = 1; repeated MetaGraphDef metaGraphs = 2; }
message MetaGraphDef { MetaInfoDef metaInfoDef = 1; GraphDef graphDef = 2; }
message MetaInfoDef { repeated string tags = 4; string tensorflowVersion = 5; }
message GraphDef { repeated NodeDef node = 1; VersionDef versions = 4; }
message VersionDef { int32 producer = 1; }
message NodeDef { string name = 1; string op = 2; repeated string input = 3; map<string, AttrValue> attr = 5; }
message AttrValue { oneof value { ListValue list = 1; bytes s = 2; int64 i = 3; float f = 4; bool b = 5; int32 type = 6;
  TensorShape shape = 7; Tensor tensor = 8; } }
message ListValue { repeated bytes s = 2; repeated int64 i = 3 [packed = true]; repeated int32 type = 6 [packed = true]; }
message TensorShape { repeated Dim dim = 2; }
message Dim { int64 size = 1; }
message Tensor { int32 dtype = 1; TensorShape tensorShape = 2; bytes tensorContent = 4;
  repeated bytes stringVal = 8; }
`;
const SavedModel = protobuf.parse(SCHEMA).root.lookupType('SavedModel');

/** The graph version of TensorFlow 2.21, which decides the behaviour of some kernels. */
const PRODUCER = 1087;

export type TensorInfo = InputSpec & { readonly ref: Ref };
type TensorInfos = Readonly<Record<string, TensorInfo>>;
export type SignatureInfo = { readonly inputs: TensorInfos; readonly outputs: TensorInfos };

export const refsOf = ({ inputs, outputs }: SignatureInfo): Ref[] =>
  [...Object.values(inputs), ...Object.values(outputs)].map(({ ref }) => ref);

/** Name of the graph's file in the folder of a SavedModel. */
export const GRAPH_FILE = 'saved_model.pb';

/** The bytes of that file. */
export function graphFile(nodes: readonly NodeDef[]): Uint8Array {
  const metaGraph = {
    metaInfoDef: { tags: ['serve'], tensorflowVersion: '2.21.0' },
    graphDef: { node: nodes, versions: { producer: PRODUCER } },
  };
  return SavedModel.encode({ savedModelSchemaVersion: 1, metaGraphs: [metaGraph] }).finish();
}
