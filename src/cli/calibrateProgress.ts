import type { RunEvent } from '../calibration/run/run.ts';
import { counted } from '../plan/hosting/hostingWords.ts';
import type { Io } from './io.ts';

const COLUMNS = ['step', 'shape', 'in flight', 'TTFT ms', 'TPOT ms', 'tokens/s', 'requests'] as const;
const WIDTHS = [7, 16, 10, 9, 9, 9, 9];

function line(cells: readonly string[]): string {
  return cells.map((cell, at) => (at < 2 ? cell.padEnd(WIDTHS[at] ?? 8) : cell.padStart(WIDTHS[at] ?? 8))).join(' ');
}

function rounded(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : String(Number(value.toPrecision(3)));
}

/** Tells of a run as it goes: a line for each step that has ended, and on a terminal how far the one that runs has got. */
export function progressLines(io: Io, live: boolean): (event: RunEvent) => void {
  let begun = false;
  let steps = 0;
  return (event) => {
    switch (event.kind) {
      case 'step':
        steps = event.steps;
        if (!begun) io.warn(`${line(COLUMNS)}\n`);
        begun = true;
        return;
      case 'request':
        if (live)
          io.warn(`\r${counted(event.ended, 'request')}${event.spentUsd === null ? '' : `, $${event.spentUsd.toFixed(2)}`}\u001b[K`);
        return;
      case 'point': {
        const { point, step } = event;
        const cells = [
          `${step.place + 1}/${steps}`,
          point.shape,
          rounded(point.concurrency),
          rounded(point.ttftMs?.median),
          rounded(point.tpotMs?.median),
          rounded(point.outputTokensPerSecond),
          `${point.requests}`,
        ];
        io.warn(`${live ? '\r' : ''}${line(cells)}${live ? '\u001b[K' : ''}\n`);
        return;
      }
      case 'note':
        io.warn(`${live ? '\r' : ''}kplan: ${event.note}${live ? '\u001b[K' : ''}\n`);
    }
  };
}
