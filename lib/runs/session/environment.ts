import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Result } from '../../documents/document';
import { backend, device, tf, threads } from '../../tensorflow/native';
import { bf16, isa } from '../../tensorflow/ops/kernels';

/** What a number may depend on besides its declaration; `source` stands for the code that computed it, which is declared. */
export function environmentOf({
  code,
  precision,
}: {
  readonly code?: unknown;
  readonly precision?: unknown;
}): Result['environment'] {
  const manifest = path.join(__dirname, '..', '..', '..', 'package.json');
  const project: { version: string } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  const versions = {
    project: project.version,
    node: process.versions.node,
    tfjs: tf.version_core,
    tensorflow: backend.binding.TF_Version,
  };
  const kernels = precision === 'bf16' ? `${isa}, bf16 by ${bf16}` : isa;
  return { versions, device, processor: os.cpus()[0]?.model.trim(), threads, kernels, source: String(code) };
}
