/** A text as the name of a task or a data set: accents go, whatever else is not allowed becomes a hyphen. */
export function nameOf(text: string, otherwise: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|-+$/g, '')
    .slice(0, 64);
  return plain === '' ? otherwise : plain;
}

/** The name, or the name with the first number behind it that makes it a new one. */
export function unusedName(name: string, used: readonly string[]): string {
  if (!used.includes(name)) return name;
  let number = 2;
  while (used.includes(`${name.slice(0, 60)}-${number}`)) number++;
  return `${name.slice(0, 60)}-${number}`;
}
