import { testQuestion } from './question';

testQuestion({
  name: 'rq4',
  answer: 'Does ablation find what the paper finds?',
  tables: [
    ...[
      'rq4-claims',
      'rq4-overfitting',
      'rq4-pretraining-length',
      'rq4-shortcut',
      'rq4-storage',
      'rq4-trunks',
    ],
    ...['table1-data', 'table6-trunks', 'table7-insertions'],
  ],
  figures: ['figure6-little-data', 'rq4-evidence'],
  results: {
    'table6-trunks': { 'ColdRec-1 HR@5': 8, 'GenEst Acc': 7 },
    'table7-insertions': { 'GenEst Acc': 14 },
  },
  called: {
    PeterRec_al: 'PeterRec on the causal trunk',
    'PeterRec_al, parallel patches': 'PeterRec-d on the causal trunk',
    'PeterRec_on, serial patches': 'PeterRec-c on the non-causal trunk',
    PeterRec_on: 'PeterRec on the non-causal trunk',
    'Parallel before LN, two (d)': 'PeterRec on the non-causal trunk',
  },
});
