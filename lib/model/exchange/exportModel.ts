/** Trained models for other programs. Letters: B rows of a batch, T ids of a row, k channels, |Y| labels. */
import type { NamedTensorMap } from '@tensorflow/tfjs-node-gpu';
import { UserError } from '../../base/userError';
import { padLeft } from '../../data/tasks/sequences';
import type { Forward } from '../../engine/graph/signature';
import { tf } from '../../engine/native';
import { writeOnnx } from '../../engine/onnx/write';
import type { Tensors } from '../../engine/weights';
import { type LoadedUserModel, shapeOf } from '../files/patchFile';
import { saveModel } from '../files/safetensors';
import type { LoadedTrunk } from '../files/trunkFile';
import { scores } from '../heads';
import { addedIds } from '../patches/form';
import { addedTo } from '../patches/patches';
import { directionOf } from '../trunks/names';
import { encode, PADDING, reachOf, tclId } from '../trunks/trunk';
import { tokens, type UserModelShape, userIds, wholeUserVector } from '../userModel';

/** The vocabulary of a trunk, if it has one. */
const vocabulary = ({ source }: LoadedTrunk) => (source ? { items: source.items } : {});

/** Metadata of a graph, each as JSON. */
const metadata = (beside: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(beside).map(([key, value]) => [key, JSON.stringify(value)]));

/** A trunk as an ONNX file: ids [B, T] -> hidden [B, T, k]. */
export function exportTrunk(file: string, trunk: LoadedTrunk): void {
  const outputs: Forward<typeof trunk.weights>['outputs'] = (weights, { ids }) => ({
    hidden: encode(weights, trunk.shape, ids),
  });
  const beside = { ...vocabulary(trunk), ids: rowLayout(trunk) };
  writeOnnx(file, trunk.weights, outputs, metadata(beside));
}

/**
 * User models of one trunk as one ONNX file: ids [B, T] -> user [B, k], scores [B, |Y|] and, of a profile, probabilities [B, |Y|]; of
 * several tasks `TASK/user` and so forth. Throws a UserError for models that read ids in different ways, and for a task twice.
 */
export function exportUserModels(file: string, models: readonly LoadedUserModel[]): void {
  const [first, ...others] = models;
  const { trunk } = first;
  const layout = rowLayout(trunk, shapeOf(first));
  const readAs = ({ layout, prompt }: ReturnType<typeof rowLayout>) => JSON.stringify([layout, prompt]);
  const nameOf = ({ card: { task } }: LoadedUserModel, output: string) =>
    models.length === 1 ? output : `${task}/${output}`;
  for (const [i, { card }] of models.entries())
    if (models.findIndex((other) => other.card.task === card.task) !== i)
      throw new UserError(`--patch: expected patch sets of different tasks, found ${card.task} twice`);
  for (const other of others)
    if (readAs(rowLayout(trunk, shapeOf(other))) !== readAs(layout))
      throw new UserError(
        `--patch: expected tasks that read a sequence alike, ${first.card.task} and ${other.card.task} do not; export each alone`,
      );
  const outputs = (
    weights: Tensors<readonly LoadedUserModel['weights'][]>,
    { ids }: NamedTensorMap,
  ): NamedTensorMap =>
    Object.fromEntries(
      models.flatMap((model, i) => {
        const user = wholeUserVector(weights[i], shapeOf(model), ids); // [B, k]
        const o = scores(user, weights[i].head); // [B, |Y|]
        const probabilities = model.card.kind === 'classify' ? { probabilities: tf.softmax(o) } : {};
        return Object.entries({ user, scores: o, ...probabilities }).map(([name, tensor]) => [
          nameOf(model, name),
          tensor,
        ]);
      }),
    );
  const cards = models.map(({ card }) => card);
  const beside = {
    ...vocabulary(trunk),
    ...(others.length === 0 ? { card: cards[0] } : { cards }),
    ids: layout,
  };
  writeOnnx(
    file,
    models.map(({ weights }) => weights),
    outputs,
    metadata(beside),
  );
}

/** A whole user model, trunk included, as one safetensors file with its card and vocabulary. */
export function saveUserModel(file: string, { trunk, card, weights }: LoadedUserModel): void {
  const own = { ...card, ...trunk.shape, length: trunk.source?.length };
  saveModel(file, weights, { card: own, vocabulary: trunk.source?.items });
}

/** Where padding and tokens stand. */
function orderOf({ shape, insertion, representation = 'token' }: UserModelShape): string {
  const [before, after] = shape.padding === 'embedded' ? ['', 'padding, '] : ['padding, ', ''];
  const count = tokens({ shape, representation });
  const isPrompted = addedTo(insertion) > 0;
  const reach =
    isPrompted && Number.isFinite(reachOf(shape))
      ? `, the prompt at most ${reachOf(shape)} ids from the end`
      : '';
  const prompt = isPrompted ? 'prompt, ' : '';
  const items = `${prompt}${after}the latest items, oldest first`;
  return `${before}${count === 2 ? '[TCL], ' : ''}${items}${count > 0 ? ', [TCL]' : ''}${reach}`;
}

const EFFECT = {
  masked: 'padding changes no number',
  embedded: 'padding changes numbers: in training rows were filled up with it',
} as const;

/** Ids of the example where no training says how many. */
const EXAMPLE = 5;

/** Says how another program fills rows of ids of a trunk, or of a user model with this representation; written beside a graph. */
export function rowLayout({ shape, source }: LoadedTrunk, model?: UserModelShape) {
  const tokenCount = model ? tokens(model) : 0;
  const added = addedTo(model?.insertion);
  const room = source?.length ?? EXAMPLE;
  const row = Int32Array.from({ length: Math.min(3, room, shape.items) }, (_, i) => i + 1);
  const ids = model ? userIds([row], model, room) : padLeft(row, room);
  return {
    padding: PADDING,
    /** The id of the first item of the vocabulary; those of the others follow in order. */
    firstItem: source && 1,
    tcl: source && tclId(shape),
    ...(added > 0 ? { prompt: addedIds(shape, added) } : {}),
    direction: directionOf(shape),
    paddedPositions: shape.padding,
    /** Ids that the longest row had in training. */
    trainedLength: source && source.length + tokenCount,
    representation: model?.representation,
    layout: `${orderOf(model ?? { shape, representation: 'sum' })}; ${EFFECT[shape.padding]}`,
    /** A row of the first items, or of ids where there is no vocabulary. */
    example: { items: source ? source.items.slice(0, row.length) : [...row], ids: [...ids] },
  };
}
