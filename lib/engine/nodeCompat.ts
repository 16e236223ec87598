import util from 'node:util';

process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

// tfjs-node calls these two, which Node 23 removed.
const isNullOrUndefined = (value: unknown): boolean => value === null || value === undefined;
Object.assign(util, { isNullOrUndefined, isArray: Array.isArray });
