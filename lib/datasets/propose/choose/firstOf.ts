const SHOWN = 12;

/** Names for a message: all, or the first of many and how many more there are. */
export function firstOf(names: readonly string[]): string {
  const others = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `${names.slice(0, SHOWN).join(', ')}${others}`;
}
