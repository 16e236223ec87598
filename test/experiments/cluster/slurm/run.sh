#!/bin/bash
# Runs the tests of a sweep beside a real Slurm of three nodes. Ends with 0 and says why where none can be had.
set -u
here=$(dirname "$(realpath "$0")")
cd "$here/../../../.." || exit 1
node lib/cli/main.js setup > /dev/null || exit 1
export WITH_SLURM_CACHE=$PWD/.cache/slurm
"$here/with-slurm.sh" timeout 60 srun true > /dev/null
case $? in
  0) ;;
  77) exit 0 ;;
  *) echo "with-slurm: no job runs in the Slurm that was started here" >&2; exit 0 ;;
esac
"$here/with-slurm.sh" timeout 45m node --import tsx --test --test-reporter=spec test/experiments/cluster/realSlurm.ts
