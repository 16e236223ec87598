/** The question of ways of tuning, and what its notebook shows: a notebook imports two modules of lib beside lib/notebook. */
import { isTrial } from '../../experiments/methods/presets';
import { asks, claims, methodsOn, runs, trunks } from '../methods';
import type { ResearchQuestion } from '../question';
import { answer, forestOf } from './answer';
import { frontiers } from './costs';
import { paying } from './paying';
import { asPublished, tablesOf } from './tables';

export { answer, forestOf } from './answer';
export { frontiers } from './costs';
export { paying } from './paying';
export { asPublished, memoryOf, tablesOf } from './tables';

export const question: ResearchQuestion = {
  title: 'What must be tuned?',
  about:
    'Ways of tuning, crossed with trunks, each from the same pre-trained trunks in the best setting; which claims are asked was fixed before anything was run.',
  ...{ runs, asks, overall: asks.flat() },
  show: async (completed, { bench, beside, claims: families, isProvisional }) => {
    const found = claims(families);
    const isMeasured = !isProvisional && !isTrial(bench.preset);
    const memory = isMeasured ? await beside.peaks(trunks.flatMap(methodsOn)) : {};
    const [first, ...others] = tablesOf(completed, found, memory);
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
