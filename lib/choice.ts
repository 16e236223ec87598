/**
 * A table of implementations of which an experiment's declaration chooses one by its key. The names of documents hang on the code
 * of the chosen ones alone, so use it only where every key that is looked up stands in the declaration.
 */
export const byChoice = <T extends object>(implementations: T): T => implementations;
