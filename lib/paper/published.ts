/** Figures of the paper's results that could be traced to a source; those of Tables 2 and 4 to 7 could not. */

/** A published table of results, to stand beside ours. */
export interface Published {
  /** Tasks. */
  readonly columns: readonly string[];
  /** By our name of the method, in the order of the columns. */
  readonly rows: Readonly<Record<string, readonly number[]>>;
  /** What the figures are and where they stand. */
  readonly note: string;
}

const TASKS = ['ColdRec-1', 'ColdRec-2', 'GenEst', 'AgeEst', 'LifeEst'] as const;

/** Table 3. The paper's FineLast tunes "the last CNN layer, along with the linear classification layer". */
export const publishedTable3: Published = {
  columns: TASKS,
  rows: {
    FineCLS: [0.295, 0.293, 0.9, 0.679, 0.606],
    FineLast1: [0.33, 0.31, 0.902, 0.682, 0.608],
    FineAll: [0.352, 0.338, 0.905, 0.714, 0.615],
    PeterRec: [0.351, 0.339, 0.906, 0.714, 0.615],
  },
  note:
    'Paper: Table 3 as on page 22 of its first author’s SIGIR 2020 slides (github.com/fajieyuan/fajieyuan.github.io, ' +
    'papers/SIGIR2020.pdf), measured on Tencent’s data, so that only the order of methods can be compared; its FineLast stands ' +
    'beside FineLast1, and its PeterRec tunes 9.4 %, 2.7 % and, on the three profile tasks, 0.16 % of what FineAll tunes.',
};

/** What the paper's tasks hold, as far as it is known. */
export const publishedTable1 = {
  users: { 'ColdRec-1': 1649095, 'ColdRec-2': 1472248, GenEst: 1548844, AgeEst: 1551357, LifeEst: 1075010 },
  sourceItems: { 'ColdRec-1': 191014, 'ColdRec-2': 645980 },
  labels: { 'ColdRec-1': 20342, 'ColdRec-2': 17879, GenEst: 2, AgeEst: 8, LifeEst: 6 },
  note:
    'Paper: Tencent’s data; items and labels as in the paper, users as in Table I of CLUE (ICDM 2021), which has the same data sets. ' +
    'The profile tasks share ColdRec-2’s source.',
} as const;
