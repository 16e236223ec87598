/** Test files that share this process, one after the other: a suite for each, so that what it sets up for its tests stays its own. */
import path from 'node:path';
import { describe } from 'node:test';

for (const file of process.argv.slice(2))
  describe(path.relative(__dirname, file), () => {
    require(path.resolve(file));
  });
