import { testQuestion } from './question';

testQuestion({
  name: 'rq3',
  answer: 'Does PeterRec beat methods that are made for one task?',
  tables: [
    'rq3-best',
    'rq3-claims',
    'rq3-probabilities',
    'rq3-simple',
    'rq3-speed',
    'table1-data',
    'table4-best-setting',
    'table4-profiles',
    'table5-best-setting',
    'table5-cold-users',
  ],
  figures: ['rq3-evidence'],
  results: {
    'table4-profiles': { 'GenEst Acc': 5 },
    'table5-cold-users': { 'ColdRec-1 HR@5': 8 },
  },
});
