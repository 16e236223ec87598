import type { Metrics } from '../documents/document';

/**
 * The metric that the paper reports for a task (section 4.3): accuracy for profiles, HR@5 for
 * recommendation, and MRR@5 for the task that it calls ColdRec-2.
 */
export function headlineMetric(task: string, metrics: Metrics): string {
  if ('Acc' in metrics) return 'Acc';
  return task === 'ColdRec-2' ? 'MRR@5' : 'HR@5';
}
