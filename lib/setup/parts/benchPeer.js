const { ownEnvironment } = require('./ownEnvironment');

/** PyTorch, the peer of the benchmarks. */
const peer = ownEnvironment({
  what: 'PyTorch, the peer of the benchmarks,',
  folder: '.venv-bench',
  requirements: 'bench.txt',
  pip: ['--only-binary', ':all:'],
  size: '0.2 GB to download and 0.8 GB on disk, several GB of each where pip finds only a build of PyTorch with CUDA',
});

/** The interpreter that runs the benchmarks' peer. */
const peerPython = peer.python;

/** Is PyTorch there? */
const peerReady = peer.ready;

const setUpPeer = peer.setUp;

module.exports = { peerPython, peerReady, setUpPeer };
