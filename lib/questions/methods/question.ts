/** The question of ways of tuning, and what its notebook shows: a notebook imports two modules of lib beside lib/notebook. */
import { asks, claims, runs } from '../methods';
import type { ResearchQuestion } from '../question';
import { answer, forestOf } from './answer';
import { frontiers } from './costs';
import { paying } from './paying';
import { asPublished, tablesOf } from './tables';

export { answer, forestOf } from './answer';
export { frontiers } from './costs';
export { paying } from './paying';
export { asPublished, tablesOf } from './tables';

export const question: ResearchQuestion = {
  title: 'What must be tuned?',
  about:
    'Ways of tuning, crossed with trunks, each from the same pre-trained trunks in the best setting; which claims are asked was fixed before anything was run.',
  ...{ runs, asks, overall: asks.flat() },
  show: (completed, { bench, claims: families }) => {
    const found = claims(families);
    const [first, ...others] = tablesOf(completed, found);
    return {
      answer: answer(bench, found),
      main: [
        ...[paying(found), ...frontiers(completed)],
        ...[first, asPublished(completed, found), forestOf(found)],
      ],
      details: others,
    };
  },
};
