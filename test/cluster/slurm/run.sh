#!/bin/bash
# Runs the tests of a sweep beside a real Slurm of three nodes. Ends with 0 and says why where none can be had.
set -u
here=$(dirname "$(realpath "$0")")
cd "$here/../../.." || exit 1
node lib/cli/main.js setup > /dev/null || exit 1
export WITH_SLURM_CACHE=$PWD/.cache/slurm
"$here/with-slurm.sh" -n 3 -c 1 -- node --import tsx --test --test-reporter=spec test/cluster/realSlurm.ts
code=$?
[ $code -ne 77 ] || exit 0
exit $code
