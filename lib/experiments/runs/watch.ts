/** A training under way: reports, stop and checkpoints. */
import fs from 'node:fs';
import os from 'node:os';
import { backend, device, tf, threads } from '../../engine/native';
import { bf16, isa } from '../../engine/ops/kernels';
import { inProject } from '../../setup/tools/project';
import type { CurvePoint, StepTaken, Watch } from '../../training/fit';
import { checkpointsOf } from '../documents/checkpoint';
import type { Result } from '../documents/document';
import { type Job, stemIn } from '../resolve/resolve';

/** A training after a step or, with its point of the curve, after an evaluation. */
export type Moment = {
  readonly step: number;
  readonly steps: number;
  /** The metric that evaluations are reported by. */
  readonly metric: string;
  /** The last step. */
  readonly taken?: StepTaken;
  readonly point?: CurvePoint;
};

/** Told of the training under way and of the share of its steps that is taken. */
export type OnShare = (label: string, share: number, moment?: Moment) => void;

type Watching = {
  readonly out: string;
  readonly onShare: OnShare;
  readonly signal?: AbortSignal | undefined;
  /** Steps at most; 1 of what takes none. */
  readonly steps: number;
  readonly startedFrom: string | undefined;
};

/** Connects the training of a job to its run. */
export function watchOf(job: Job, watching: Watching): Watch {
  const { out, onShare, signal, steps, startedFrom } = watching;
  const { metric } = job.about;
  let last: StepTaken | undefined;
  const tell = (step: number, more?: Pick<Moment, 'point'>) =>
    onShare(job.label, step / steps, { step, steps, metric, ...(last ? { taken: last } : {}), ...more });
  return {
    onStep: (step, taken) => {
      last = taken;
      tell(step);
    },
    onPoint: (point) => tell(point.step, { point }),
    signal,
    checkpoints: checkpointsOf(out, stemIn(job), {
      environment: environmentOf(job.record),
      ...(startedFrom === undefined ? {} : { startedFrom }),
    }),
  };
}

/** Circumstances that a number may depend on besides its record; `source` is the digest of the code. */
export function environmentOf(record: {
  readonly code: string;
  readonly precision?: string;
}): Result['environment'] {
  const { version }: { version: string } = JSON.parse(fs.readFileSync(inProject('package.json'), 'utf8'));
  const versions = {
    project: version,
    node: process.versions.node,
    tfjs: tf.version_core,
    tensorflow: backend.binding.TF_Version,
  };
  const kernels = record.precision === 'bf16' ? `${isa()}, bf16 by ${bf16()}` : isa();
  return {
    versions,
    device: device(),
    processor: os.cpus()[0]?.model.trim(),
    threads,
    kernels,
    source: record.code,
  };
}
