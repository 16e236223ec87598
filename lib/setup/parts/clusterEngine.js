const path = require('node:path');
const { ownEnvironment } = require('./ownEnvironment');

/**
 * Snakemake with its Slurm executor: the list is complete, and pip resolves nothing. The wheel of connection-pool is broken, its
 * source is not.
 */
const { python, setUp } = ownEnvironment({
  what: 'Snakemake, which brings a plan to a cluster,',
  folder: '.venv-cluster',
  requirements: 'cluster.txt',
  pip: ['--no-deps', '--no-binary', 'connection-pool'],
  size: '0.1 GB to download and 0.3 GB on disk; Python 3.11 or newer',
});

const snakemake = path.join(path.dirname(python), 'snakemake');

module.exports = { snakemake, setUpEngine: setUp };
