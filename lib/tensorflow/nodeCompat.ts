import util from 'node:util';

process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

/** tfjs-node calls two helpers that Node 22 warns of and Node 23 removed; these stand in for them before it is loaded. */
const helpers: Record<string, (value: unknown) => boolean> = {
  isNullOrUndefined: (value) => value === null || value === undefined,
  isArray: Array.isArray,
};
for (const [name, helper] of Object.entries(helpers)) Object.assign(util, { [name]: helper });
