import type { LineUnit, ReconcileLine } from '../accuracy/reconcile/line.ts';
import type { Reconciliation } from '../accuracy/reconcile/reconciliation.ts';
import { formatCount } from '../units/tokens.ts';
import { formatShare } from './format.ts';
import type { Cell, Row, Table } from './table.ts';

/** A figure in the digits of its unit. */
function digits(value: number | null, unit: LineUnit): string | null {
  if (value === null) return null;
  if (unit === 'token' || unit === 'B/token') return formatCount(value);
  return value.toFixed(2).replace(/^-(?=[0.]+$)/, '');
}

function signed(value: number | null, unit: LineUnit): string | null {
  const text = digits(value, unit);
  return value !== null && value > 0 && text !== null && /[1-9]/.test(text) ? `+${text}` : text;
}

function judged(within: boolean | null): string {
  return within === null ? '' : within ? 'yes' : 'no';
}

function lineRow({ what, unit, predicted, logged, residual, residualShare, tolerance, within, explanation, line }: ReconcileLine): Row {
  const cells: readonly Cell[] = [
    what,
    unit,
    digits(predicted, unit),
    digits(logged, unit),
    signed(residual, unit),
    residualShare === null ? null : formatShare(residualShare),
    tolerance === null ? null : `± ${digits(tolerance, unit)}`,
    judged(within),
    line === null ? null : String(line),
  ];
  return { cells, note: explanation };
}

/** Prediction against log for reading, what explains each residual below it. */
export function reconcileTable({ lines }: Reconciliation): Table {
  const right = { align: 'right' } as const;
  return {
    columns: [
      { title: 'per GPU' },
      { title: 'unit' },
      { title: 'kplan', ...right },
      { title: 'log', ...right },
      { title: 'residual', ...right },
      { title: 'of the log', ...right },
      { title: 'tolerance', ...right },
      { title: 'within' },
      { title: 'line', ...right },
    ],
    rows: lines.map(lineRow),
  };
}

/** The same unrounded, as in the JSON document. */
export function reconcileRawTable({ lines }: Reconciliation): Table {
  const titles = [
    'id',
    'what',
    'unit',
    'source',
    'predicted',
    'logged',
    'residual',
    'residualShare',
    'tolerance',
    'within',
    'explanation',
    'line',
  ] as const;
  return {
    columns: titles.map((title) => ({ title })),
    rows: lines.map((line) => ({
      cells: titles.map((title): Cell => {
        const value = line[title];
        return typeof value === 'boolean' ? String(value) : value;
      }),
    })),
  };
}
