/** How the authors' loaders turn text into numbers: `data_loader_recsys*.py` over TensorFlow 1's VocabularyProcessor. */

/** A line by the authors' ids: from 1, by first appearance, sources and targets apart; 0 is none of them. */
export interface AuthorsRow {
  readonly source: readonly number[];
  readonly targets: readonly number[];
}

const TOKEN = /[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|['\p{L}\p{N}_-]+/gu;

/** The tokens of a text. Whatever is no token separates; an id with capitals may come apart. */
export function tokenize(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** Numbers tokens from 1 by first appearance. */
export function indexer(): { readonly tokens: readonly string[]; readonly idOf: (token: string) => number } {
  const tokens: string[] = [];
  const ids = new Map<string, number>();
  const idOf = (token: string) => {
    const id = ids.get(token) ?? tokens.push(token);
    ids.set(token, id);
    return id;
  };
  return { tokens, idOf };
}
