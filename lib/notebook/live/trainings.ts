/** What trains in this kernel at the moment. */
const labels = new Set<{ readonly label: string }>();

/** Does work that trains, and knows of it until it ends, well or not. */
export async function training<T>(label: string, work: () => Promise<T>): Promise<T> {
  const own = { label };
  labels.add(own);
  try {
    return await work();
  } finally {
    labels.delete(own);
  }
}

/** What trains, by its labels. */
export const trainings = (): string[] => [...labels].map(({ label }) => label);
