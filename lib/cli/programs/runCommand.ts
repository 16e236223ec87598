import { SetupError } from '../../setup/tools/remedies';
import { UserError } from '../../userError';
import { isStop, STOPPED } from './stop';

/**
 * Runs a command with the options that `launch.js` hands over as one JSON argument and ends with its exit code.
 * Of a user's mistake only the message is printed; any other error is a defect and keeps its stack trace.
 */
export function runCommand<Options>(command: (options: Options) => Promise<number>): void {
  // Who reads may have read enough, as `head` has.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1));
  command(JSON.parse(process.argv[2]) as Options).then(
    (exitCode) => {
      process.exitCode = exitCode;
    },
    (error: unknown) => {
      process.exitCode = isStop(error) ? STOPPED : 1;
      if (isStop(error)) return;
      const isTold = error instanceof UserError || error instanceof SetupError;
      console.error(isTold ? (error as Error).message : error);
    },
  );
}
