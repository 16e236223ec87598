import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Result } from '../../documents/document';
import { backend, device, tf, threads } from '../../tensorflow/native';
import { isa } from '../../tensorflow/ops/kernels';

/** What a number may depend on besides its declaration; `source` stands for the code that computed it. */
export function environmentOf(source: string): Result['environment'] {
  const manifest = path.join(__dirname, '..', '..', '..', 'package.json');
  const project: { version: string } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  const versions = {
    project: project.version,
    node: process.versions.node,
    tfjs: tf.version_core,
    tensorflow: backend.binding.TF_Version,
  };
  return { versions, device, processor: os.cpus()[0]?.model.trim(), threads, kernels: isa, source };
}
