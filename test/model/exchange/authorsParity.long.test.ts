/**
 * Hidden states of the authors' own checkpoints against those that their code computed. Both stay outside the
 * repository: PETERREC_CHECKPOINTS names the folders that hold them, separated as in PATH: the files
 * model_nextitnet_*.index and .data-00000-of-00001, and the cases *_rows.json.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { folderWith } from '../../data/folders';
import { parsed, runScript } from './command';

const folders = (process.env.PETERREC_CHECKPOINTS ?? '').split(path.delimiter).filter(Boolean);

/** Where a file lies, if it is there. */
const find = (name: string) =>
  folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));

type Numbers = { readonly shape: number[]; readonly data: number[] };
type Rows = {
  readonly checkpoint: string;
  readonly causal: boolean;
  readonly ids_seen_by_model: Numbers;
  readonly hidden_last_block: Numbers;
};

const csv = ({ shape: [rows, T], data }: Numbers) =>
  Array.from({ length: rows }, (_, n) => `${data.slice(n * T, (n + 1) * T).join()}\n`).join('');

const MISSING = "the authors' checkpoints and rows are not here: name their folders in PETERREC_CHECKPOINTS";
const CASES = ['causal_pretrain', 'causal_finetune', 'noncausal_pretrain', 'noncausal_finetune'];

for (const name of CASES) {
  const file = find(`${name}_rows.json`);
  const rows = file && (JSON.parse(fs.readFileSync(file, 'utf8')) as Rows);
  const index = rows && find(`${rows.checkpoint}.index`);
  const skip = index ? false : MISSING;
  test(`${name}: encode gives the hidden states of the authors' code on their checkpoint`, { skip }, () => {
    const { causal, ids_seen_by_model, hidden_last_block } = rows as Rows;
    const folder = folderWith({ 'in.csv': csv(ids_seen_by_model) });
    const out = path.join(folder, 'out.jsonl');
    const { status, stderr } = runScript('encode', {
      checkpoint: (index as string).replace(/\.index$/, ''),
      trunk: causal ? 'causal' : 'non-causal',
      ids: 'model',
      positions: 'all',
      input: path.join(folder, 'in.csv'),
      out,
    });
    assert.equal(status, 0, stderr);
    const lines = parsed<{ row: number; hidden: number[][] }>(fs.readFileSync(out, 'utf8'));
    const [N, T, k] = hidden_last_block.shape;
    assert.deepEqual(
      lines.map(({ row, hidden }) => [row, hidden.length, hidden[0].length]),
      Array.from({ length: N }, (_, n) => [n, T, k]),
    );
    const found = lines.flatMap(({ hidden }) => hidden.flat());
    for (const [i, value] of hidden_last_block.data.entries())
      assert.ok(Math.abs(found[i] - value) <= 1e-4, `${i}: ${found[i]} is not ${value}`);
  });
}
