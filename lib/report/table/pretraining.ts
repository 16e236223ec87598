import { meanSd } from '../../evidence/aggregate';
import type { PretrainingGain } from '../../evidence/pretrainingGains';
import type { CompletedRun } from '../../experiments/documents/completedRun';
import type { Result } from '../../experiments/documents/document';
import type { Method } from '../../experiments/methods/identity';
import type { MethodColumn } from './methodsTable';
import { columnsOf, type Table } from './table';

/** How well the trunks were pre-trained, beside item popularity. */
export function pretrainingTable(name: string, gains: readonly PretrainingGain[]): Table {
  return {
    name,
    caption: 'Pre-training: the last item of held-out users, ranked in the whole item pool.',
    columns: columnsOf({
      ...{ source: 'Source of', direction: 'Trunk', users: 'Held-out users' },
      ...{ trunk: ['Mean rank, trunk', 1], popularity: ['Mean rank, popularity', 1] },
      ratio: ['Ratio [95 %]', 2],
      ...{ trunkMRR: ['MRR@5, trunk', 4], popularityMRR: ['MRR@5, popularity', 4] },
      cooccurrenceMRR: ['MRR@5, co-occurrence', 4],
    }),
    rows: gains.map(({ ratio, low, high, ...gain }) => ({ ...gain, ratio: { mean: ratio, low, high } })),
    note:
      'All seeds together. Ratio: mean rank by popularity over that by the trunk, above 1 where the trunk is ahead; 95 % over trainings ' +
      'and users. Where no user has an item twice, popularity and co-occurrence leave out what a user has had. The kept state was chosen ' +
      'on these users.',
  };
}

/** Results of the trunks of methods in pre-training: MRR@5 of held-out users' last items in the whole pool. */
export function pretrainingColumns({ tasks, results, pretraining }: CompletedRun): MethodColumn[] {
  const compared = tasks.filter(({ name }) => results.some(({ task }) => task === name));
  const sources = pretraining.filter(({ task }) => compared.some(({ source }) => source === task));
  return [...new Set(sources.map(({ task }) => task))].map((source) => {
    const label = `Trunk of ${source} MRR@5`;
    const of = (runs: readonly Result[], { trunk, pretraining: share = 1 }: Method) => {
      const started = runs.some(({ declaration }) => declaration.start === 'pre-trained');
      const own = pretraining.filter(
        (run) => started && run.task === source && run.trunk === trunk && run.pretraining === share,
      );
      return own.length > 0 ? meanSd(own.map(({ metrics }) => metrics.valid['MRR@5'])) : null;
    };
    return { key: label, label, digits: 4, best: 'highest', of };
  });
}
