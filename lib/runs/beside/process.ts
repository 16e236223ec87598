import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { Preset } from '../../methods/presets';
import { breathe } from '../../parts';
import { inProject } from '../../setup/tools/project';
import { device } from '../../tensorflow/native';
import { UserError } from '../../userError';
import type { Ask, Outcome, Worker } from '../crew';
import type { Cost } from '../estimate/estimate';
import type { Measuring } from '../estimate/forecast';
import type { Needs } from '../estimate/needs';
import { measure } from '../estimate/stepCost';
import type { StepKind } from '../jobs/workload';
import { fitting } from '../memory';
import type { Unit } from '../plan';
import type { Answer, Done, Hold, Opening, Request } from './messages';

/**
 * Processes that train side by side, each with so many bytes: one a processor, as far as memory reaches; none where the preset
 * leaves all threads of the machine to one training, or a GPU computes.
 */
export function processesFor(
  { threads }: Pick<Preset, 'threads'>,
  { memory }: Pick<Needs, 'memory'>,
): number {
  if (threads === undefined || device === 'gpu') return 0;
  return fitting(threads, memory);
}

/** What steps cost in such a process, or in this one where none would train. */
export const measuredBeside =
  (processes: number, signal?: AbortSignal): Measuring =>
  async ({ data, tasks, preset, out }, kinds) => {
    if (processes === 0) {
      const costs: Cost[] = [];
      for (const kind of kinds) {
        await breathe();
        signal?.throwIfAborted();
        costs.push(measure(kind, preset));
      }
      return { costs, atOnce: 1 };
    }
    const opening = { data, tasks, preset, out, codes: {}, planned: [] };
    return withTrainers({ count: 1, opening, signal }, async ([trainer]) => ({
      costs: await trainer.measure(kinds),
      atOnce: processes,
    }));
  };

/** What steps cost in a process that trains alone on a machine, as the job of a cluster does. */
export const measuredAlone = ({ threads }: Pick<Preset, 'threads'>, signal?: AbortSignal): Measuring =>
  measuredBeside(threads === undefined || device === 'gpu' ? 0 : 1, signal);

/** How many processes a piece of work has, what they are told of the run, and what ends them before it is done. */
type Crew = {
  readonly count: number;
  readonly opening: Opening;
  readonly signal: AbortSignal | undefined;
};

/** Work by processes that are gone when it is done, failed or stopped. Throws the signal's reason where it was stopped. */
export async function withTrainers<R>(
  { count, opening, signal }: Crew,
  work: (trainers: readonly Trainer[]) => Promise<R>,
): Promise<R> {
  const trainers: Trainer[] = [];
  const dismiss = () => Promise.all(trainers.map((trainer) => trainer.dismiss()));
  signal?.throwIfAborted();
  signal?.addEventListener('abort', dismiss);
  try {
    while (trainers.length < count) trainers.push(new Trainer(opening.preset.threads ?? 1));
    await Promise.all(trainers.map((trainer) => trainer.open(opening)));
    return await work(trainers);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', dismiss);
    await dismiss();
  }
}

/** How many characters of what a process complained about are told when it ends too early. */
const COMPLAINT = 2000;

/** How long a process that is told to end may go on with what would be lost without harm. */
const MILLISECONDS_TO_COMPILE = 1000;

type Asked = {
  readonly resolve: (done: Done) => void;
  readonly reject: (why: Error) => void;
  readonly onShare?: Ask['onShare'] | undefined;
};

/** A process that trains, as the one that started it sees it; it is asked for one thing at a time. */
export class Trainer implements Worker {
  private readonly child: ChildProcess;
  private asked: Asked | undefined;
  private complaint = '';
  private ended: Error | undefined;
  private isDismissed = false;
  /** Whether it has told of what it was asked for, so that there may be a step that it would lose. */
  private hasBegun = false;
  private readonly gone: Promise<void>;

  /** Starts a process that computes with so many threads. */
  constructor(threads: number) {
    this.child = fork(path.join(__dirname, 'trainer.ts'), {
      cwd: inProject(),
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', PETERREC_THREADS: String(threads) },
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const { child } = this;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaint = (this.complaint + text).slice(-COMPLAINT);
    });
    child.on('message', (answer: Answer) => this.hear(answer));
    child.on('error', (error) => this.end(error));
    // Of a process that was dismissed its exit is told, but no close.
    this.gone = new Promise((resolve) => {
      child.once('error', () => {
        if (child.pid === undefined) resolve(); // it was never there
      });
      child.once('exit', (code, signal) => {
        if (this.isDismissed) this.end(this.epitaph(code, signal));
        resolve();
      });
    });
    child.once('close', (code, signal) => this.end(this.epitaph(code, signal)));
  }

  /** Tells it the run; throws a UserError of the run's. */
  async open(opening: Opening): Promise<void> {
    await this.ask({ do: 'open', ...opening });
  }

  async compute(unit: Unit, { waits, onShare }: Ask): Promise<Outcome> {
    const { outcome = 'done' } = await this.ask({ do: 'compute', unit, waits }, onShare);
    return outcome;
  }

  /** What a step of each kind costs in such a process. */
  async measure(kinds: readonly StepKind[]): Promise<readonly Cost[]> {
    const { costs = [] } = await this.ask({ do: 'measure', kinds });
    return costs;
  }

  /** Holds up what it trains, or lets it go on; what it does not take any more it has ended. */
  hold(isHeld: boolean): void {
    const said: Hold = { do: 'hold', isHeld };
    if (this.child.connected) this.child.send(said, () => undefined);
  }

  /**
   * Ends the process within a step of what it does. What has not taken one may be compiling, which nothing interrupts and nothing is lost
   * of: then it is not waited for longer than a moment.
   */
  async dismiss(): Promise<void> {
    this.isDismissed = true;
    if (this.child.connected) this.child.disconnect();
    const end = () => this.child.kill('SIGKILL');
    const limit = this.hasBegun ? undefined : setTimeout(end, MILLISECONDS_TO_COMPILE);
    await this.gone;
    clearTimeout(limit);
  }

  private ask(request: Request, onShare?: Ask['onShare']): Promise<Done> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      this.asked = { resolve, reject, onShare };
      this.hasBegun = false;
      // A process that cannot be told has ended or is about to: how, `close` says.
      this.child.send(request, () => undefined);
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

  /** Nothing of the process itself explains a SIGKILL: the system sends it where memory runs out. */
  private epitaph(code: number | null, signal: NodeJS.Signals | null): Error {
    const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    const what = `a process that trains ${how}; what was finished is kept, a run started again goes on there`;
    if (signal !== 'SIGKILL') return new Error(`${what}\n${this.complaint}`);
    const remedy = 'fewer `channels`, a smaller `batch` or a smaller `length` of the tasks take less';
    return new UserError(`${what}; where memory ran out, ${remedy}`);
  }
}
