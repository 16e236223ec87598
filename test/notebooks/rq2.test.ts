import { testQuestion } from './question';

testQuestion({
  name: 'rq2',
  answer: /^\*\*Are patches as good as tuning everything\? .* on tiny with 1 seed/,
  tables: ['rq2-claims', 'rq2-overfitting', 'rq2-pretraining', 'table1-data', 'table3-tuned-parts'],
  figures: ['figure5-convergence'],
  results: { 'table3-tuned-parts': { 'ColdRec-1 HR@5': 8, 'GenEst Acc': 8 } },
});
