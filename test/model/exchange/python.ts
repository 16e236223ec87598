import { spawnSync } from 'node:child_process';
import { python } from '../../../lib/setup/tools/project';

const RUN = `
import json, sys
import tensorflow as tf
folder, ids = json.loads(sys.argv[1])
run = tf.saved_model.load(folder).signatures['serving_default']
print(json.dumps({name: value.numpy().tolist() for name, value in run(ids=tf.constant(ids, tf.int32)).items()}))
`;

/** A Python in which TensorFlow can be imported: set-up installs TensorFlow's library alone, not what its Python needs. */
export function pythonWithTensorflow(): string | undefined {
  const candidates = [process.env.PETERREC_PYTHON, python, 'python3'];
  return candidates.find(
    (candidate) => candidate && spawnSync(candidate, ['-c', 'import tensorflow']).status === 0,
  );
}

/** The outputs of an exported model for ids, by their names. */
export function runInPython(python: string, folder: string, ids: number[][]): Record<string, number[][]> {
  const { status, stdout, stderr } = spawnSync(python, ['-c', RUN, JSON.stringify([folder, ids])], {
    encoding: 'utf8',
    env: { ...process.env, CUDA_VISIBLE_DEVICES: '-1' },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
