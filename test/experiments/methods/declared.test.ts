import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireDeclared } from '../../../lib/experiments/methods/declared';
import type { Experiment } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { opponents, untrained } from '../../../lib/experiments/methods/opponents';
import { choices, vary } from '../../../lib/experiments/methods/vary';

const { PeterRec, FineAll } = causal;

test('every experiment that is shipped is one', () => {
  const family = [causal, nonCausal, opponents].flatMap((all): Experiment[] => Object.values(all));
  const varied = choices.map(([, changes]) => vary(PeterRec, changes));
  for (const experiment of [...family, ...untrained, ...varied]) requireDeclared(experiment);
});

const patchesWith = (changes: object) => ({ ...PeterRec, patches: { ...PeterRec.patches, ...changes } });
const ownLoss = { own: 'loss', name: 'authors', functions: { loss: { source: 'x', imports: [] } } };

const refusals: readonly (readonly [found: object, said: RegExp])[] = [
  [{ ...PeterRec, tuned: 'patches' }, /^PeterRec: tuned "patches": .*everything/],
  [
    { ...FineAll, tuned: 'patches and classifier' },
    /^FineAll: tuned "patches and classifier": expected patches/,
  ],
  [patchesWith({ squeeze: 0 }), /^PeterRec: patches\.squeeze 0: /],
  [patchesWith({ squeeze: Number.NaN }), /^PeterRec: patches\.squeeze NaN: /],
  [patchesWith({ perBlock: 3 }), /^PeterRec: patches\.perBlock 3: /],
  [{ ...PeterRec, patches: [] }, /^PeterRec: patches \[\]: /],
  [{ ...PeterRec, representation: undefined }, /^PeterRec: representation undefined: /],
  [{ ...PeterRec, training: 2.5 }, /^PeterRec: training 2\.5: expected a share/],
  [{ ...PeterRec, pretraining: -1 }, /^PeterRec: pretraining -1: expected a share/],
  [{ ...PeterRec, loss: 'papers' }, /^PeterRec: loss "papers": .*"bpr over all", or own\.loss/],
  [{ ...PeterRec, loss: ownLoss }, /^PeterRec: loss \{ own: 'loss', name: 'authors'/],
  [{ ...PeterRec, tuned: { own: 'loss', name: 'x', functions: {} } }, /^PeterRec: tuned \{ own: /],
  [{ ...PeterRec, rate: 1 }, /^PeterRec: .*"rate"/],
  [{ ...PeterRec, id: '../x' }, /^experiment "\.\.\/x": expected an id/],
  [{ ...opponents.NeuFM, model: 'NeuMF' }, /^NeuFM: model "NeuMF": /],
  [{ ...PeterRec, kind: 'finetuning' }, /^PeterRec: kind "finetuning": /],
];
for (const [found, message] of refusals)
  test(`${message} is said`, () =>
    assert.throws(() => requireDeclared(found as Experiment), { name: 'UserError', message }));
