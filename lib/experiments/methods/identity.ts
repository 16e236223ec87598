/** Identities of experiments. */
import { inCode, UserError } from '../../base/userError';
import type { Experiment } from './experiment';

/** An experiment as tables, figures and claims know it: its identity and what they call it. */
export type Method = Pick<Experiment, 'id' | 'label' | 'trunk' | 'training'> & {
  readonly pretraining?: number;
};

/** `PeterRec on the causal trunk`; the shares of training data and of pre-training stand behind it where they are not all. */
export function identityOf({ id, trunk, training = 1, pretraining = 1 }: Omit<Method, 'label'>): string {
  return [
    trunk === 'none' ? id : `${id} on the ${trunk} trunk`,
    ...(training === 1 ? [] : [`training ${training}`]),
    ...(pretraining === 1 ? [] : [`pre-training ${pretraining}`]),
  ].join(', ');
}

/** Whether both are one experiment, whatever they are called. */
export const isSame = (a: Omit<Method, 'label'>, b: Omit<Method, 'label'>): boolean =>
  identityOf(a) === identityOf(b);

/** Each method once, where it first occurs. */
export function distinct<M extends Omit<Method, 'label'>>(methods: readonly M[]): M[] {
  const named = new Map<string, M>();
  for (const method of methods) if (!named.has(identityOf(method))) named.set(identityOf(method), method);
  return [...named.values()];
}

/** Labels of methods in one table; equal labels are replaced by identities. */
export const labelsAmong = (methods: readonly Method[]): string[] =>
  methods.map((method) => {
    const isAlone = methods.filter(({ label }) => label === method.label).length === 1;
    return isAlone ? method.label : identityOf({ ...method, id: method.label });
  });

/** An experiment under another label, for tables and figures; documents keep its own. */
export const called = <M extends Method>(method: M, label: string): M => ({ ...method, label });

/** `30 %` */
export const percentOf = (share: number): string => `${Math.round(100 * share)} %`;

/** A task, and the share of its training instances that an experiment learns it from: `LifeEst, 30 %`. */
export const placeOf = (task: string, { training = 1 }: Pick<Method, 'training'>): string =>
  training === 1 ? task : `${task}, ${percentOf(training)}`;

/** Throws a UserError where `found` is no experiment, such as undefined by a misspelt name. */
export function requireMethod(found: unknown, where: string): asserts found is Method {
  const { id, trunk } = Object(found) as Partial<Method>;
  if (typeof id !== 'string' || typeof trunk !== 'string')
    throw new UserError(`${where}: expected an experiment, found ${inCode(found)}`);
}
