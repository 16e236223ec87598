import type { Card } from './card';

/** A field of users or items, and the key of the card that names it. */
interface FieldOfTask {
  readonly field: string;
  readonly key: string;
}

/** The fields of users and items that the tasks of a card name. */
export function fieldsOfTasks({ tasks }: Pick<Card, 'tasks'>): Record<'users' | 'items', FieldOfTask[]> {
  const users: FieldOfTask[] = [];
  const items: FieldOfTask[] = [];
  for (const [name, spec] of Object.entries(tasks)) {
    const key = `tasks.${name}`;
    if (spec.kind === 'classify') {
      if (spec.label !== undefined) users.push({ field: spec.label, key: `${key}.label` });
      for (const field of (spec.classes ?? []).flatMap(({ where }) => Object.keys(where)))
        users.push({ field, key: `${key}.classes` });
    } else if ('field' in spec.target) {
      items.push({ field: spec.target.field, key: `${key}.target.field` });
    }
  }
  return { users, items };
}
