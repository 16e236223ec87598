import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
const at = (name: string) => path.join('/tmp/h4', name);
async function main() {
  const { run } = require(at('lib/runs/run.ts'));
  const { everywhere, options } = require(at('test/runs/tinyRun.ts'));
  const { preset, news, parity } = require(at('test/recipes/tinyTasks.ts'));
  const { causal, nonCausal } = require(at('lib/methods/family.ts'));
  const { opponents, untrained } = require(at('lib/methods/opponents.ts'));
  const { inBestSetting } = require(at('lib/methods/best.ts'));
  const best = inBestSetting(causal.PeterRec);
  const all = [...untrained, ...Object.values(opponents), ...Object.values(causal), ...Object.values(nonCausal), best,
    { ...causal.PeterRec, training: 0.5 }, { ...causal.PeterRec, pretraining: 0.5 },
    { ...causal.PeterRec, id: 'tcl', tcl: 'trained' }, { ...causal.PeterRec, id: 'ce', loss: 'cross-entropy' },
    { ...causal.FineCLS, id: 'mean', representation: 'mean' }, { ...causal.PeterRec, id: 'auth', loss: 'authors', tuned: 'patches, second layer norms and classifier' }];
  const few = [causal.PeterRec, causal.FineAll, causal.FineCLS, nonCausal.FineLast1, ...Object.values(opponents)];
  const cases: [string, any, any[]][] = [
    ['plain', preset, all],
    ['sampled', { ...preset, softmax: { fullUpTo: 5, candidates: 3 } }, few],
    ['masked', { ...preset, padding: preset.padding === 'masked' ? 'embedded' : 'masked' }, few],
    ['averaged', { ...preset, classify: { ...preset.classify, averaged: true, decay: 0.1, evaluations: 4, dropout: 0.3 }, grouping: 'instance' }, few],
  ];
  const found: any = {};
  for (const [name, own, experiments] of cases) {
    const out = fs.mkdtempSync(path.join(os.tmpdir(), 'numbers-'));
    const ran = await run({ ...options, preset: own, seeds: 2, out, tasks: [news, parity] }, everywhere(...experiments));
    const strip = (v: any): any => Array.isArray(v) ? v.map(strip) : v && typeof v === 'object'
      ? Object.fromEntries(Object.entries(v).filter(([k]) => k !== 'code' && k !== 'seconds' && k !== 'checksum' && k !== 'source').map(([k, x]) => [k, strip(x)])) : v;
    const hashless = (s: string) => s.replace(/-[0-9a-f]{12}-s/g, '-s');
    found[name] = [...ran.results, ...ran.pretraining].map((r: any) => {
      const rows = fs.readFileSync(path.join(out, 'results', r.instances), 'utf8');
      const { files, startedFrom, left, ...rest } = strip(r);
      const weights = path.join(out, 'models', r.instances.replace(/tsv$/, 'safetensors'));
      const raw = fs.existsSync(weights) ? require('node:crypto').createHash('sha256').update(fs.readFileSync(weights).subarray(0)).digest('hex') : null;
      return { ...rest, instances: hashless(rest.instances), rows, weights: raw };
    });
    fs.rmSync(out, { recursive: true });
  }
  fs.writeFileSync(process.argv[2], JSON.stringify(found, null, 1));
  console.log(Object.entries(found).map(([k, v]: any) => `${k} ${v.length}`).join(', '));
}
void main();
