/**
 * The text of a card with keys added that it lacks. What stands there already stays byte for byte; keys that are there
 * are not touched, whatever is proposed for them.
 */
export function withMissingKeys(
  text: string | undefined,
  proposed: Readonly<Record<string, unknown>>,
): { readonly text: string; readonly added: readonly string[] } {
  if (text === undefined)
    return { text: `${JSON.stringify(proposed, null, 2)}\n`, added: Object.keys(proposed) };
  const there = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const missing = Object.entries(proposed).filter(([key]) => !Object.hasOwn(there, key));
  if (missing.length === 0) return { text, added: [] };
  const end = text.lastIndexOf('}');
  const kept = text.slice(0, end).trimEnd();
  const comma = Object.keys(there).length > 0 ? ',' : '';
  const lines = JSON.stringify(Object.fromEntries(missing), null, 2).slice(1, -2);
  return { text: `${kept}${comma}${lines}\n${text.slice(end)}`, added: missing.map(([key]) => key) };
}
