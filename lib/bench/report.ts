/** Reports as a person reads them. */
import type { Report } from './benchmark';
import type { EngineReport } from './engine';

const COLUMNS = [42, 9, 9, 21, 6, 8, 8];
const row = (cells: readonly string[]) =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(COLUMNS[i]) : cell.padStart(COLUMNS[i]))).join(' ');

export const HEADER = row(['size', 'ours ms', 'peer ms', 'ratio (95 %)', 'pairs', 'ours MB', 'peer MB']);

/** A line of the table, and under it the peer. */
export function formatReport(report: Report): string {
  const { size, peer, ours_ms, peer_ms, ratio, low, high, pairs, threads, ours_mb, peer_mb } = report;
  const { ours_isa, peer_isa } = report;
  const interval = `${ratio.toFixed(2)} (${low.toFixed(2)} – ${high.toFixed(2)})`;
  const times = [ours_ms, peer_ms].map((ms) => ms.toFixed(1));
  const memory = [ours_mb, peer_mb].map((mb) => mb.toFixed(0));
  return `${row([size, ...times, interval, `${pairs}`, ...memory])}\n  ${peer}, ${peer_isa}; ours ${ours_isa}; ${threads} threads`;
}

export function formatEngine(report: EngineReport): string {
  const { compile_ms, javascript_share, tensor_growth, memory_growth_mb } = report;
  return [
    `Compiling 16 layers, k = 256: ${(compile_ms / 1000).toFixed(2)} s`,
    `JavaScript's share of a step, k = 256: ${(100 * javascript_share).toFixed(2)} %`,
    `From step 100 to step 1,000: ${tensor_growth} tensors, ${memory_growth_mb.toFixed(1)} MB more`,
  ].join('\n');
}
