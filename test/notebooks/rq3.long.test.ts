import { testQuestion } from './question';

testQuestion({
  name: 'rq3',
  answer: /^\*\*Does PeterRec beat methods that are made for one task\? .* on tiny with 1 seed/,
  tables: [
    'rq3-best',
    'rq3-claims',
    'rq3-probabilities',
    'rq3-simple',
    'rq3-speed',
    'table1-data',
    'table4-profiles',
    'table5-cold-users',
  ],
  figures: [],
  results: {
    'table4-profiles': { 'GenEst Acc': 6 },
    'table5-cold-users': { 'ColdRec-1 HR@5': 8 },
  },
});
