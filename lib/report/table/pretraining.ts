import type { PretrainingGain } from '../../evidence/pretrainingGains';
import { REPEATS } from '../../metrics/bootstrap';
import type { Table } from './table';

/** How well the trunks were pre-trained, beside item popularity. */
export function pretrainingTable(name: string, gains: readonly PretrainingGain[]): Table {
  return {
    name,
    caption: 'Pre-training: the last item of held-out users, ranked in the whole item pool.',
    columns: [
      { key: 'source', label: 'Source of' },
      { key: 'direction', label: 'Direction' },
      { key: 'users', label: 'Held-out users' },
      { key: 'trunk', label: 'Mean rank, trunk', digits: 1 },
      { key: 'popularity', label: 'Mean rank, popularity', digits: 1 },
      { key: 'ratio', label: 'Ratio', digits: 2 },
      { key: 'low', label: '95 % from', digits: 2 },
      { key: 'high', label: 'to', digits: 2 },
      { key: 'trunkMRR', label: 'MRR@5, trunk', digits: 4 },
      { key: 'popularityMRR', label: 'MRR@5, popularity', digits: 4 },
    ],
    rows: gains.map((gain) => ({ ...gain })),
    note:
      'All seeds together. Ratio: the mean rank by popularity over that by the trunk, above 1 where the trunk ranks ' +
      `further ahead; its interval is a bootstrap over users (${REPEATS.toLocaleString('en')} resamples).`,
  };
}
