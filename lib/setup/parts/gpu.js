const { run } = require('../tools/command');
const { SetupError } = require('../tools/remedies');

const ASK_TENSORFLOW =
  "process.exit(require('@tensorflow/tfjs-node-gpu').backend().isUsingGpuDevice ? 0 : 1)";

/** A GPU that was asked for must have a driver, before gigabytes are downloaded for it. */
async function requireDriver() {
  await run('nvidia-smi', ['--list-gpus']).catch(() => {
    throw new SetupError(
      '--device gpu: no NVIDIA GPU with a driver here (nvidia-smi fails); use --device cpu',
    );
  });
}

/** TensorFlow falls back to the CPU silently, so it is asked what it uses. */
async function requireTensorflowOnGpu() {
  await run(process.execPath, ['--eval', ASK_TENSORFLOW]).catch(() => {
    throw new SetupError(
      '--device gpu: TensorFlow does not find the GPU; update the NVIDIA driver or use --device cpu',
    );
  });
}

module.exports = { requireDriver, requireTensorflowOnGpu };
