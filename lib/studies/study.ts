import { UserError } from '../userError';

/** Runs a study by the arguments of its command line; of a user's mistake only the message is printed. */
export function runStudy(study: (args: readonly string[]) => Promise<void>): void {
  study(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  });
}
