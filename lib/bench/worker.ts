/** A side of a benchmark as its own process, so that its memory and its threads are its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import readline from 'node:readline';
import { inProject } from '../setup/tools/project';
import type { Case } from './cases';

/** Shapes of a case's weights by path: ours answers `open` with them, the peer is opened with them. */
type Shaped = { readonly shapes?: Readonly<Record<string, readonly number[]>> | undefined };
/** Ours writes `file`, the peer reads it: batches, and for `check` the weights too. */
type Given = { readonly case: Case; readonly file: string };

export type Request =
  /** Takes `steps` steps on one batch. */
  | (Given & { readonly do: 'check'; readonly steps: number })
  | (Given & Shaped & { readonly do: 'open'; readonly threads: number })
  | { readonly do: 'run'; readonly steps: number };

type AnswerTo = {
  check: { readonly losses: readonly number[] };
  /** The form that runs, its threads and its instructions. */
  open: Shaped & { readonly name: string; readonly threads: number; readonly isa: string };
  /** Milliseconds a step, and the peak of resident memory so far. */
  run: { readonly ms: number; readonly mb: number };
};
export type Answer = AnswerTo[keyof AnswerTo];

/** Characters of stderr that are shown when a process ends too early. */
const COMPLAINT = 2000;

export class Worker {
  private complaint = '';
  private readonly ended: Promise<never>;
  private readonly lines: AsyncIterator<string>;

  private constructor(private readonly child: ChildProcess) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaint = (this.complaint + text).slice(-COMPLAINT);
    });
    this.ended = new Promise((_, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        reject(new Error(`${child.spawnargs.join(' ')} ended with ${signal ?? code}:\n${this.complaint}`));
      });
    });
    this.ended.catch(() => {}); // the request under way reports it
    child.stdin?.on('error', () => {}); // `close` reports it
    this.lines = readline
      .createInterface({ input: child.stdout as NodeJS.ReadableStream })
      [Symbol.asyncIterator]();
  }

  static start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Worker {
    return new Worker(spawn(command, args, { cwd: inProject(), env, stdio: ['pipe', 'pipe', 'pipe'] }));
  }

  /** Sends one request and waits for its answer. */
  async ask<R extends Request>(request: R): Promise<AnswerTo[R['do']]> {
    this.child.stdin?.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await Promise.race([this.lines.next(), this.ended]);
    if (done) return this.ended;
    return JSON.parse(value) as AnswerTo[R['do']];
  }

  stop(): void {
    this.child.kill();
  }
}
