import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { AGREEMENT, bothLosses, startSides } from '../../lib/bench/benchmark';
import { benchmarks } from '../../lib/bench/cases';
import { bf16 } from '../../lib/engine/ops/kernels';
import { peer } from '../../lib/setup/parts/ownEnvironment';

const skip = peer.ready() ? false : 'PyTorch is not installed; npm run bench installs it';
const sides = skip ? undefined : startSides();

after(() => {
  sides?.ours.stop();
  sides?.peer.stop();
});

/** Lines that differ only in size agree on one small case. */
const tinyCases = new Map(
  Object.values(benchmarks)
    .flat()
    .map(({ tiny }) => [JSON.stringify(tiny), tiny]),
);

for (const tiny of tinyCases.values()) {
  const variant = `${tiny.trunk ?? ''}${'peer' in tiny ? ` (${tiny.peer})` : ''}`;
  const isExact = tiny.precision === 'float32';
  const lacks = !isExact && bf16() === 'none' && 'needs a processor that is quicker with bfloat16';
  test(`both sides agree on ${tiny.kind} ${variant}, ${tiny.precision}`, {
    skip: skip || lacks,
  }, async () => {
    if (!sides) return;
    const { ours, peer } = await bothLosses(sides, tiny, 4);
    assert.equal(ours.length, 4);
    for (const [i, loss] of ours.entries()) {
      const apart = isExact ? 1e-4 : AGREEMENT.bf16;
      assert.ok(Math.abs(loss - peer[i]) <= apart * Math.abs(loss), `step ${i}: ${ours} and ${peer}`);
    }
    if (tiny.kind !== 'evaluate') assert.ok(ours[3] < ours[0], `training lowers the loss: ${ours}`);
  });
}
