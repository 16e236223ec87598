/** All that is claimed in the notebooks of the paper's four questions: one family of claims over all. */
import type { Question } from '../evidence/questions';
import * as rq1 from './rq1';
import * as rq2 from './rq2';
import * as rq3 from './rq3';
import * as rq4 from './rq4';

export const allQuestions: readonly Question[] = [rq1, rq2, rq3, rq4].flatMap(({ asks }) => asks.flat());
