/** The paper's five tasks, in its order, each with the metric that it reports (caption of Table 2). */

export const coldRec1 = { name: 'ColdRec-1', kind: 'recommend', metric: 'HR@5' } as const;
export const coldRec2 = { name: 'ColdRec-2', kind: 'recommend', metric: 'MRR@5' } as const;
export const genEst = { name: 'GenEst', kind: 'classify', metric: 'Acc' } as const;
export const ageEst = { name: 'AgeEst', kind: 'classify', metric: 'Acc' } as const;
export const lifeEst = { name: 'LifeEst', kind: 'classify', metric: 'Acc' } as const;

export const paperTasks = [coldRec1, coldRec2, genEst, ageEst, lifeEst] as const;

export type PaperTask = (typeof paperTasks)[number]['name'];

export const paperTaskNames: readonly PaperTask[] = paperTasks.map(({ name }) => name);

/** The paper's metric for its own task of that name and kind; HR@5 or, for a profile, accuracy for any other. */
export function headlineOf(name: string, kind: 'recommend' | 'classify'): string {
  const ofPaper = paperTasks.find((task) => task.name === name && task.kind === kind);
  return ofPaper?.metric ?? (kind === 'classify' ? 'Acc' : 'HR@5');
}
