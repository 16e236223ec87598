import type { PretrainingGain } from '../../evidence/pretrainingGains';
import { REPEATS } from '../../metrics/bootstrap';
import type { Table } from './table';

/** How well the trunks were pre-trained, beside item popularity. */
export function pretrainingTable(name: string, gains: readonly PretrainingGain[]): Table {
  return {
    name,
    caption: 'Pre-training: MRR@5 of the last item of held-out users, ranked in the whole item pool.',
    columns: [
      { key: 'source', label: 'Source of' },
      { key: 'direction', label: 'Direction' },
      { key: 'users', label: 'Held-out users' },
      { key: 'trunk', label: 'Trunk', digits: 4 },
      { key: 'popularity', label: 'Popularity', digits: 4 },
      { key: 'ratio', label: 'Ratio', digits: 1 },
      { key: 'low', label: '95 % from', digits: 1 },
      { key: 'high', label: 'to', digits: 1 },
    ],
    rows: gains.map((gain) => ({ ...gain })),
    note: `All seeds together; the interval is a bootstrap over users (${REPEATS.toLocaleString('en')} resamples).`,
  };
}
