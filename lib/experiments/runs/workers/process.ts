/** Computes a plan in several processes at once, which share documents and trunks in the output folder and nothing else. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { UserError } from '../../../base/userError';
import { device } from '../../../engine/native';
import { inProject } from '../../../setup/tools/project';
import type { Preset } from '../../methods/presets';
import type { Job } from '../../resolve/resolve';
import { fitting } from '../../workbench/folder';
import type { Needs } from '../estimate/memory';
import { inThisProcess, type Workers } from '../run';
import type { Moment } from '../watch';
import type { Ask, JobEnd, RunFolder, Worker } from '../worker';

export type Request =
  | ({ readonly do: 'open' } & Pick<RunFolder, 'out' | 'tasks'>)
  | { readonly do: 'compute'; readonly job: Job; readonly waits: boolean };

/** Progress of the unit under way; then, once for each request, its end or its failure. */
export type Answer =
  | { readonly label: string; readonly share: number; readonly moment?: Moment | undefined }
  | { readonly done: JobEnd }
  | { readonly failed: string; readonly byUser: boolean };

/** Processes that fit side by side; 0 if the preset gives all threads to one training, or on a GPU. */
export const processesFor = ({ threads }: Pick<Preset, 'threads'>, { memory }: Needs): number =>
  threads === undefined || device() === 'gpu' ? 0 : fitting(threads, memory);

/** Workers in so many processes of so many threads each; in this process if 0. */
export const sideBySide = (processes: number, threads = 1): Workers =>
  processes === 0 ? inThisProcess : (folder, jobs) => trainersFor(folder, Math.min(processes, jobs), threads);

/** Processes that have ended after `dispose`; a stop ends them. */
async function trainersFor({ out, tasks, signal }: RunFolder, count: number, threads: number) {
  const workers = Array.from({ length: count }, () => new Trainer(threads));
  const dismiss = () => Promise.all(workers.map((trainer) => trainer.dismiss()));
  const dispose = () => {
    signal?.removeEventListener('abort', dismiss);
    return dismiss();
  };
  signal?.addEventListener('abort', dismiss);
  try {
    await Promise.all(workers.map((trainer) => trainer.open({ out, tasks })));
  } catch (error) {
    await dispose();
    signal?.throwIfAborted();
    throw error;
  }
  return { workers, dispose };
}

/** Characters of a process's last errors that are shown if it ends too early. */
const COMPLAINT = 2000;

/** Milliseconds that a dismissed process may go on compiling, which cannot be interrupted. */
const MILLISECONDS_TO_COMPILE = 1000;

type Asked = {
  readonly resolve: (outcome: JobEnd) => void;
  readonly reject: (why: Error) => void;
  readonly onShare?: Ask['onShare'] | undefined;
};

/** A process that trains, asked for one thing at a time. */
export class Trainer implements Worker {
  private readonly child: ChildProcess;
  private asked: Asked | undefined;
  private complaint = '';
  private ended: Error | undefined;
  private isDismissed = false;
  /** Whether it has reported a step of its request: then a step may be under way. */
  private hasBegun = false;
  private readonly gone: Promise<void>;

  /** Starts a process that computes with so many threads. */
  constructor(threads: number) {
    const child = fork(path.join(__dirname, 'trainer.ts'), {
      cwd: inProject(),
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', PETERREC_THREADS: String(threads) },
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaint = (this.complaint + text).slice(-COMPLAINT);
    });
    child.on('message', (answer: Answer) => this.hear(answer));
    child.on('error', (error) => this.end(error));
    child.once('close', (code, signal) => this.end(this.epitaph(code, signal)));
    this.gone = new Promise((resolve) => {
      child.once('error', () => child.pid === undefined && resolve()); // it could not be started
      child.once('exit', (code, signal) => {
        if (this.isDismissed) this.end(this.epitaph(code, signal)); // no `close` after a disconnect
        resolve();
      });
    });
  }

  /** Tells it the run; throws a UserError of the run's. */
  async open(folder: Pick<RunFolder, 'out' | 'tasks'>): Promise<void> {
    await this.ask({ do: 'open', ...folder });
  }

  compute(job: Job, { waits, onShare }: Ask): Promise<JobEnd> {
    return this.ask({ do: 'compute', job, waits }, onShare);
  }

  /** Ends the process within one step. */
  async dismiss(): Promise<void> {
    this.isDismissed = true;
    if (this.child.connected) this.child.disconnect();
    const end = () => this.child.kill('SIGKILL');
    const limit = this.hasBegun ? undefined : setTimeout(end, MILLISECONDS_TO_COMPILE);
    await this.gone;
    clearTimeout(limit);
  }

  private ask(request: Request, onShare?: Ask['onShare']): Promise<JobEnd> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      this.asked = { resolve, reject, onShare };
      this.hasBegun = false;
      this.child.send(request, () => undefined); // if it has ended, `close` says how
    });
  }

  private hear(answer: Answer): void {
    const { asked } = this;
    if ('label' in answer) {
      this.hasBegun = true;
      asked?.onShare?.(answer.label, answer.share, answer.moment);
      return;
    }
    this.asked = undefined;
    if ('done' in answer) asked?.resolve(answer.done);
    else asked?.reject(answer.byUser ? new UserError(answer.failed) : new Error(answer.failed));
  }

  private end(why: Error): void {
    this.ended ??= why;
    this.asked?.reject(this.ended);
    this.asked = undefined;
  }

  /** SIGKILL comes from the system if memory runs out: the process cannot say so itself. */
  private epitaph(code: number | null, signal: NodeJS.Signals | null): Error {
    const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    const what = `a process that trains ${how}; what was finished is kept, a run started again goes on there`;
    if (signal !== 'SIGKILL') return new Error(`${what}\n${this.complaint}`);
    const remedy = 'fewer `channels`, a smaller `batch` or a smaller `length` of the tasks take less';
    return new UserError(`${what}; where memory ran out, ${remedy}`);
  }
}
