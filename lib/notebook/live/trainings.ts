/** Trainings under way in this kernel. */
const labels = new Set<{ readonly label: string }>();

/** Does work that trains, which `trainings` lists until it ends. */
export async function training<T>(label: string, work: () => Promise<T>): Promise<T> {
  const own = { label };
  labels.add(own);
  try {
    return await work();
  } finally {
    labels.delete(own);
  }
}

/** Labels of the trainings under way. */
export const trainings = (): string[] => [...labels].map(({ label }) => label);
