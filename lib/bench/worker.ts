/** A side of a benchmark as its own process, so that its memory and its threads are its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import readline from 'node:readline';
import { inProject } from '../setup/tools/project';
import type { Case } from './cases';

export type Request =
  /** Weights and a batch in a file, and `steps` steps on that batch: ours writes the file, the peer reads it. */
  | { readonly do: 'check'; readonly case: Case; readonly file: string; readonly steps: number }
  | { readonly do: 'open'; readonly case: Case; readonly threads: number }
  | { readonly do: 'run'; readonly steps: number };

/** Answers to 'check', 'open' and 'run'; `isa` are the instructions in use, `ms` the time of one step, `mb` the peak of resident memory so far. */
export type Answer =
  | { readonly losses: readonly number[] }
  | { readonly name: string; readonly threads: number; readonly isa: string }
  | { readonly ms: number; readonly mb: number };
type AnswerTo = {
  check: Extract<Answer, { losses: unknown }>;
  open: Extract<Answer, { name: unknown }>;
  run: Extract<Answer, { ms: unknown }>;
};

/** How many characters of what a process complained about are told when it ends too early. */
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
        const how = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
        reject(new Error(`${child.spawnargs.join(' ')} ${how}:\n${this.complaint}`));
      });
    });
    this.ended.catch(() => {}); // told by the request under way, if there is one
    child.stdin?.on('error', () => {}); // a process that cannot be written to has ended
    this.lines = readline
      .createInterface({ input: child.stdout as NodeJS.ReadableStream })
      [Symbol.asyncIterator]();
  }

  static start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Worker {
    const stdio = ['pipe', 'pipe', 'pipe'] as const;
    return new Worker(spawn(command, args, { cwd: inProject(), env, stdio: [...stdio] }));
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
