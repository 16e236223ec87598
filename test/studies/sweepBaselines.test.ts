import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opponents } from '../../lib/methods/opponents';
import { sweepBaseline } from '../../lib/studies/sweepBaselines';
import { news, parity, preset } from '../recipes/tinyTasks';

/** What a sweep of an opponent on two tiny tasks prints. */
async function swept(opponent: keyof typeof opponents, kind: 'recommend' | 'classify'): Promise<string[]> {
  const lines: string[] = [];
  const sweep = {
    tasks: [news, parity],
    preset,
    seeds: [1],
    print: (line: string) => void lines.push(line),
  };
  await sweepBaseline(sweep, opponents[opponent], kind, () => ({ steps: 4, evaluations: 2 }));
  return lines;
}

for (const name of ['BagOfItems', 'NeuFM', 'DeepFM', 'MTL'] as const) {
  test(`${name} has three rates, two strengths and here two stops`, async () => {
    const lines = await swept(name, 'classify');
    assert.equal(lines.length, 3 * 2 * 2);
    assert.match(
      lines[0],
      new RegExp(
        `^${name}\tclassify\t\\w+ [\\d.]+\trate 0.001\tsteps 2\tParity [01]\\.\\d{4}\tmean [01]\\.\\d{4}$`,
      ),
    );
  });
}

test('counts, which take no step, have 24 settings of their own', async () => {
  const lines = await swept('ItemCooccurrence', 'recommend');
  assert.equal(lines.length, 24);
  assert.match(
    lines[0],
    /^ItemCooccurrence\trecommend\titem 0\.5\tlabel 0\tshrink 0\tsteps 0\tNews \d\.\d{4}\tmean \d\.\d{4}$/,
  );
});
