import { testQuestion } from './question';

testQuestion({
  name: 'rq1',
  answer: 'Does pre-training help?',
  tables: [
    'rq1-best',
    'rq1-claims',
    'rq1-pretraining',
    'table1-data',
    'table2-best-setting',
    'table2-pretraining',
  ],
  figures: ['figure4-best-setting', 'figure4-convergence', 'rq1-evidence', 'rq1-lengths', 'rq1-trunks'],
  results: { 'table2-pretraining': { 'ColdRec-1 HR@5': 13, 'GenEst Acc': 12 } },
});
