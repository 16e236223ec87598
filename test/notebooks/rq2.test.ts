import { testQuestion } from './question';

testQuestion({
  name: 'rq2',
  answer: 'Are patches as good as tuning everything?',
  tables: [
    'rq2-claims',
    'rq2-overfitting',
    'rq2-pretraining',
    'table1-data',
    'table3-paper',
    'table3-tuned-parts',
  ],
  figures: ['figure5-convergence', 'rq2-evidence', 'rq2-tuned-weights', 'rq2-trunks'],
  results: { 'table3-tuned-parts': { 'ColdRec-1 HR@5': 9, 'GenEst Acc': 8 } },
});
