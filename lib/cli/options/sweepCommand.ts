import { portable } from '../../setup/tools/project';
import { shellWord } from '../../setup/tools/shellWord';

/** What a sweep ends with where this machine does not train in the precision that is asked for. */
export const UNABLE = 2;

/** What documents are asked for with. */
type Asked = {
  readonly data: string;
  readonly preset: string;
  readonly seeds?: number | undefined;
  readonly device: string;
  readonly precision: string;
  readonly on: string;
  /** An absolute folder. */
  readonly out?: string | undefined;
};

/** The command that computes the documents of questions on a cluster. */
export function sweepCommand(
  questions: readonly string[],
  { data, preset, seeds, device, precision, out, on }: Asked,
): string {
  const given = [
    ['rq', questions.join()],
    ['data', portable(data)],
    ['preset', preset],
    ['seeds', seeds],
    ['device', device === 'auto' ? undefined : device],
    ['precision', precision === 'float32' ? undefined : precision],
    ['out', out && portable(out)],
    ['on', on],
  ] as const;
  const options = given.flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${shellWord(String(value))}`],
  );
  return `npm run sweep -- ${options.join(' ')}`;
}
