/**
 * Marks a table of implementations that a declaration chooses from by key: the hash of a document covers only the chosen entries.
 * Every key that is looked up must stand in the declaration.
 */
export const byChoice = <T extends object>(implementations: T): T => implementations;

/** Marks what pages, checks and tests know of such an entry: no part of a document's hash. */
export const described = <const T extends object>(about: T): T => about;
