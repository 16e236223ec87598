/** Every notebook beside the research questions, run on a tiny data set: what it leaves, shows and ends with. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { causal } from '../../lib/experiments/methods/family';
import { untrained } from '../../lib/experiments/opponents/opponents';
import { run } from '../../lib/experiments/runs/run';
import { openWorkbench } from '../../lib/experiments/workbench/workbench';
import { folderWith } from '../data/folders';
import { newsFolder } from '../data/news';
import { execute, files } from './execute';
import { codeCells, complaints, type Notebook, outputsOf, readable, shownAs } from './notebook';
import { writeTinyDataset } from './tinyDataset';

type Places = { readonly data: string; readonly out: string; readonly folder: string };

type Case = {
  readonly name: string;
  readonly parameters?: (places: Places) => object;
  /** Runs before it. */
  readonly before?: (places: Places) => Promise<unknown>;
  readonly genre?: string;
  /** Stems of files that it leaves. */
  readonly tables: readonly string[];
  readonly figures: readonly string[];
  /** Its last cell, as text. */
  readonly ends: RegExp;
  readonly also?: (executed: Notebook, places: Places) => void;
};

const csv = ({ out }: Places, table: string) =>
  fs
    .readFileSync(path.join(out, 'tables', `${table}.csv`), 'utf8')
    .trim()
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'));
const methodsIn = (places: Places, table: string) => csv(places, table).map((line) => line.split(',')[0]);
const resultsIn = ({ out }: Places) => files(out, 'results', '.json');
const quick = { preset: 'quick', seeds: 1 };

const cases: readonly Case[] = [
  {
    name: 'start-here',
    tables: [],
    figures: [],
    ends: /HR@5 0\.\d{3} with patches .* 0\.\d{3} with patches on a random one, 0\.\d{3} by .* bit for bit what it was/,
    also: (executed) => {
      assert.equal(shownAs(executed, 'application/vnd.plotly.v1+json').length, 1);
      const own = codeCells(executed).filter(({ source }) => !/^(import|const parameters|void)/.test(source));
      assert.equal(own.length, 10);
    },
  },
  {
    name: 'data',
    parameters: () => ({ preset: undefined, seeds: undefined }),
    tables: ['data-baselines', 'data-dropped', 'table1-data'],
    figures: ['data-lengths', 'data-popularity'],
    ends: /^\*\*How closely can methods be measured on tiny\? One test part measures 0 of 2 tasks/,
    also: (executed) => {
      const shown = JSON.stringify(outputsOf(executed));
      assert.match(shown, /ColdRec-1/);
      assert.doesNotMatch(shown, /user\d|song|film/i); // aggregates only
    },
  },
  {
    name: 'parameters',
    tables: ['components', 'figure5', 'section33', 'storage', 'table3'].map((name) => `parameters-${name}`),
    figures: [],
    ends: /^\*\*What does a further task cost\? .* on tiny/,
    also: (_, { out }) => assert.equal(fs.existsSync(path.join(out, 'results')), false),
  },
  {
    name: 'scale',
    tables: ['scale-claims', 'scale-crossings', 'table1-data'],
    figures: ['scale-ColdRec-1', 'scale-GenEst', 'scale-evidence', 'scale-trunks'],
    ends: /^From how many users on does a pre-trained trunk pay\? Nothing is shown: /,
    also: (_, places) => assert.equal(csv(places, 'scale-crossings').length, 1 + 2 * 3 * 4),
  },
  {
    name: 'methods',
    tables: [
      ...['GRU', 'SASRec', 'causal', 'non-causal'].flatMap((trunk) => [
        `methods-${trunk}`,
        `methods-${trunk}-claims`,
        `methods-${trunk}-costs`,
      ]),
      'methods-paying',
      'methods-published',
      'table1-data',
    ],
    figures: ['methods-evidence', 'methods-steps', 'methods-weights'],
    ends: /^What must be tuned\? Nothing is shown: /,
  },
  {
    name: 'ablation',
    tables: ['ablation', 'ablation-claims'],
    figures: ['ablation', 'ablation-evidence'],
    ends: /^Does a change make PeterRec on the causal trunk better\? Nothing is shown: /,
    also: (_, places) =>
      assert.deepEqual(methodsIn(places, 'ablation').slice(1), [
        ...['Popularity', 'Item co-occurrence', 'Bag of items', 'Linear item-to-item (EASE)', 'PeterRec'],
        ...['squeeze 16', 'activation gelu', 'representation sum'],
      ]),
  },
  {
    name: 'your-own-method',
    parameters: () => ({ seeds: 2 }),
    tables: ['own-method', 'own-method-claims'],
    figures: ['own-method', 'own-method-evidence'],
    ends: /^Does an idea of yours beat PeterRec on the causal trunk\? Nothing is shown: /,
    also: (_, places) => {
      for (const label of ['loss hinge', 'patch scale and shift', 'tuned gains too', 'negatives popular']) {
        const id = `PeterRec-with-${label.replaceAll(' ', '-')}-`;
        const documents = resultsIn(places).filter((name) => name.includes(id));
        assert.equal(documents.length, 2, id);
        const text = fs.readFileSync(path.join(places.out, 'results', documents[0]), 'utf8');
        assert.match(JSON.stringify(JSON.parse(text).declaration), /functions\.\w+\.source":/);
        for (const table of ['own-method', 'own-method-claims'])
          assert.ok(csv(places, table).some((line) => line.includes(label)));
      }
    },
  },
  {
    name: 'protocols',
    tables: ['changes', 'data'].map((name) => `protocols-${name}`),
    figures: [],
    ends: /^\*\*What do the answers of RQ1 to RQ3 owe to how methods are evaluated\? Nothing is shown on tiny/,
    also: (_, places) => {
      const ofPeterRec = resultsIn(places).filter((name) => /^ColdRec-1-PeterRec-[0-9a-f]{12}-/.test(name));
      assert.equal(ofPeterRec.length, 2 * 4); // RQ1 and RQ2, under four protocols
    },
  },
  {
    name: 'compare',
    before: ({ data, out }) => {
      const bench = openWorkbench({ ...quick, data, out, device: 'auto' });
      const experiments = [...untrained, causal.FineCLS, causal.PeterRec];
      return run(bench, [{ on: ['ColdRec-1'], experiments }]);
    },
    tables: ['compare-declarations', 'compare-varied'],
    figures: ['compare-curves'],
    ends: /^\*\*What lies in an output folder.*they differ in .*tuned/s,
    also: (_, places) => assert.equal(resultsIn(places).length, 1 + 3), // with the trunk; nothing was trained
  },
  {
    name: 'your-own-data',
    genre: 'Horror',
    parameters: ({ folder }) => ({ folder }),
    tables: ['own-data'],
    figures: [],
    ends: /npm run reproduce -- --data .*my-data/,
    also: (executed, places) => {
      assert.deepEqual(fs.readdirSync(places.folder).sort(), [
        ...['data.inter', 'data.item', 'data.user', 'dataset.json'],
      ]);
      assert.match(csv(places, 'own-data')[0], /Thrills HR@5.*Gender Acc/);
      const text = outputsOf(executed)
        .map((output) => (output as { readonly text?: string }).text ?? '')
        .join('\n');
      for (const line of [
        /my-data: \d+ interactions, 40 users, 60 items/,
        /tasks\.Gender\.label: .*user_id, gender.*"sex"/,
        /perUsr.*tasks\.Thrills/,
        /tasks\.Thrills\.target\.any: /,
        /data\.inter, line \d+, column timestamp: .*"yesterday"/,
        /my-data-plain: \d+ interactions, 40 users/,
      ])
        assert.match(text, line);
      assert.match(shownAs(executed, 'text/plain').join('\n'), /task Horror +\| .*Horror.*12 items/);
    },
  },
];

for (const { name, parameters, before, genre, tables, figures, ends, also } of cases) {
  test(`${name} runs, leaves its tables and figures, and ends with its answer`, async () => {
    const root = folderWith({});
    const [data, out, folder] = ['data', 'out', 'my-data'].map((place) => path.join(root, place));
    const places = { data, out, folder };
    writeTinyDataset(data, genre);
    await before?.(places);
    const executed = execute(name, { ...quick, data, out, ...parameters?.(places) });
    assert.deepEqual(complaints(executed), []);
    const shown = ['text/html', 'text/markdown'].flatMap((format) => shownAs(executed, format));
    assert.doesNotMatch(readable(shown), /NaN|Infinity|undefined/);
    assert.deepEqual(files(out, 'tables', '.csv'), tables.map((stem) => `${stem}.csv`).sort());
    assert.deepEqual(files(out, 'figures', '.svg'), figures.map((stem) => `${stem}.svg`).sort());
    const last = executed.cells.at(-1)?.outputs[0]?.data ?? {};
    assert.match(String(last['text/markdown'] ?? last['text/plain']), ends);
    also?.(executed, places);
  });
}

test('data runs on a card with nothing but a profile task of its own source', () => {
  const task = { kind: 'classify', label: 'sex', length: 4, minSource: 1 };
  const people = [...'abcdefgh'];
  const data = newsFolder({
    card: { tasks: { Sex: task } },
    interactions: people.flatMap((user) => ['a', 'b', 'x'].map((item, time) => [user, item, time] as const)),
    users: `user_id:token\tsex:token\n${people.map((user, i) => `${user}\t${i % 2 ? 'f' : 'm'}\n`).join('')}`,
  });
  const out = path.join(folderWith({}), 'out');
  assert.deepEqual(complaints(execute('data', { data, out })), []);
  assert.equal(files(out, 'figures', '.svg').length, 2);
});
