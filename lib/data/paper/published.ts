/** Figures of the paper's results that could be traced to a source; those of Tables 2 and 4 to 7 could not. */
import { ageEst, coldRec1, coldRec2, genEst, lifeEst, paperTaskNames } from './tasks';

/** A published table of results: a column a task, rows by the id of our method, and the source as a note. */
export interface Published {
  readonly columns: readonly string[];
  readonly rows: Readonly<Record<string, readonly number[]>>;
  readonly note: string;
}

/** Table 3. The paper's FineLast tunes "the last CNN layer, along with the linear classification layer". */
export const publishedTable3: Published = {
  columns: paperTaskNames,
  rows: {
    FineCLS: [0.295, 0.293, 0.9, 0.679, 0.606],
    FineLast1: [0.33, 0.31, 0.902, 0.682, 0.608],
    FineAll: [0.352, 0.338, 0.905, 0.714, 0.615],
    PeterRec: [0.351, 0.339, 0.906, 0.714, 0.615],
  },
  note:
    'Paper: Table 3, from its first author’s slides (github.com/fajieyuan/fajieyuan.github.io, papers/SIGIR2020.pdf, page 22), on ' +
    'Tencent’s data: only the order of methods compares; its metrics are named by the caption of Table 2. FineLast1 is its FineLast. PeterRec tunes 9.4 %, 2.7 % and, on profiles, ' +
    '0.16 % of FineAll.',
};

/** Sizes of the paper's tasks, as far as they are known. */
export const publishedTable1 = {
  users: {
    [coldRec1.name]: 1649095,
    [coldRec2.name]: 1472248,
    [genEst.name]: 1548844,
    [ageEst.name]: 1551357,
    [lifeEst.name]: 1075010,
  },
  sourceItems: { [coldRec1.name]: 191014, [coldRec2.name]: 645980 },
  labels: {
    [coldRec1.name]: 20342,
    [coldRec2.name]: 17879,
    [genEst.name]: 2,
    [ageEst.name]: 8,
    [lifeEst.name]: 6,
  },
  note:
    'Paper: Tencent’s data; items and labels, which the paper prints in thousands, and users as in Table I of CLUE (ICDM 2021), which has the same data sets. ' +
    `The profile tasks share ${coldRec2.name}’s source.`,
} as const;
