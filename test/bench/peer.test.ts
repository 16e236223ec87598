import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { bothLosses, startSides } from '../../lib/bench/benchmark';
import { benchmarks } from '../../lib/bench/cases';
import { peerReady } from '../../lib/setup/parts/benchPeer';

const skip = peerReady() ? false : 'PyTorch is not installed; npm run bench installs it';
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
  const variant = 'peer' in tiny ? ` (${tiny.peer})` : '';
  test(`both sides of ${tiny.kind}${variant} make the same of the same weights and batch`, {
    skip,
  }, async () => {
    if (!sides) return;
    const { ours, peer } = await bothLosses(sides, tiny, 4);
    assert.equal(ours.length, 4);
    for (const [i, loss] of ours.entries()) {
      assert.ok(Math.abs(loss - peer[i]) <= 1e-4 * Math.abs(loss), `step ${i}: ${ours} and ${peer}`);
    }
    if (tiny.kind !== 'evaluate') assert.ok(ours[3] < ours[0], `training lowers the loss: ${ours}`);
  });
}
