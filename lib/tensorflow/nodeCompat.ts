import util from 'node:util';

process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

/** tfjs-node calls two helpers that Node 23 removed; they must exist before it is loaded. */
const removed: Record<string, (value: unknown) => boolean> = {
  isNullOrUndefined: (value) => value === null || value === undefined,
  isArray: Array.isArray,
};
for (const [name, helper] of Object.entries(removed)) {
  if (!(name in util)) Object.assign(util, { [name]: helper });
}
