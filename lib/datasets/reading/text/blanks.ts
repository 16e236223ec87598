/** What may stand around a value and is none of it. */
export const BLANKS: readonly string[] = [' ', '\t'];

/** A text without the blanks around it, or without some of them. */
export function trimmed(text: string, blanks = BLANKS): string {
  let start = 0;
  let end = text.length;
  while (start < end && blanks.includes(text[start])) start++;
  while (end > start && blanks.includes(text[end - 1])) end--;
  return text.slice(start, end);
}
