import type { Unit } from '../evidence/term.ts';
import { formatGB, formatGiB, MIB } from '../units/bytes.ts';
import { formatCents, formatUsd } from '../units/money.ts';
import { formatPercent } from '../units/number.ts';
import { formatCount, formatTokens } from '../units/tokens.ts';
import { FIXED_SPACE } from './plainText.ts';

/** Three numbers of which any may be unbounded; every estimate is one. */
export interface Band {
  readonly low: number | null;
  readonly value: number | null;
  readonly high: number | null;
  /** Why a number is null. */
  readonly code?: string;
}

const CODES: Readonly<Record<string, string>> = {
  fits: 'fits',
  marginal: 'marginal',
  'does-not-fit': 'does not fit',
  invalid: 'invalid',
  'break-even': 'breaks even',
  never: 'never',
  open: 'open',
  always: 'always cheaper',
  'never-at-full-use': 'never',
  'only-with-these-steps': 'with these steps',
  'no-lower-end': 'no lower end',
  'no-upper-end': 'no upper end',
  'no-measurement': 'nothing measured',
  'memory-unknown': 'memory unknown',
  'no-offer': 'no dated offer',
  'no-traffic': 'no traffic',
  'keeps-levels': 'keeps all levels',
  'breaks-levels': 'breaks a level',
};

/**
 * A machine-readable code as words.
 *
 * @example codeInWords('never-at-full-use') // 'never'
 */
export function codeInWords(code: string): string {
  return CODES[code] ?? code.replaceAll('-', ' ');
}

/** Formats a number that is finite; the others are named in words, so that no output ever holds NaN or Infinity. */
function finite(value: number | null, format: (value: number) => string): string {
  if (value === null) return '–';
  if (Number.isNaN(value)) return 'unknown';
  return Number.isFinite(value) ? format(value) : 'unbounded';
}

/** A count or measure at four significant digits, with thousands separators; whole numbers stay whole. */
export function formatNumber(value: number): string {
  return finite(value, (x) => {
    if (Number.isInteger(x)) return formatCount(x);
    const digits = Math.abs(x) >= 1000 ? 0 : Math.max(0, 3 - Math.floor(Math.log10(Math.abs(x))));
    return Math.abs(x) < 1e-6
      ? x.toExponential(2)
      : String(Number(x.toFixed(Math.min(digits, 10))).toLocaleString('en-US', { maximumFractionDigits: 10 }));
  });
}

/** `76 %`, with one decimal below ten per cent. */
export function formatShare(share: number): string {
  return finite(100 * share, () => formatPercent(share));
}

/**
 * A band as `a (b to c)`, or `a` alone where its ends print the same; the ends are kept on one line where there is room. A band that
 * has neither end says why: `a (with these steps alone)`.
 *
 * @param band the numbers; null where unbounded
 * @param format prints one finite number
 * @param formatEnd prints the numbers in brackets, where the unit need not be said again
 * @example formatBand({ low: 1.7, value: 4.4, high: 7.9 }, String) // '4.4 (1.7 to 7.9)'
 */
export function formatBand(band: Band, format: (value: number) => string = formatNumber, formatEnd = format): string {
  const reason = band.code === undefined ? 'unbounded' : codeInWords(band.code);
  const text = (number: number | null, print: (value: number) => string) => (number === null ? reason : finite(number, print));
  const value = text(band.value, format);
  if (text(band.low, format) === value && text(band.high, format) === value) return value;
  if (band.low === null && band.high === null) return `${value} (${reason})`;
  return `${value} (${`${text(band.low, formatEnd)} to ${text(band.high, formatEnd)}`.replaceAll(' ', FIXED_SPACE)})`;
}

function formatBytes(bytes: number): string {
  if (Math.abs(bytes) < MIB) return `${formatCount(bytes)} B`;
  const exact = Number.isInteger(bytes) ? `${formatCount(bytes)} B = ` : '';
  return `${exact}${formatGiB(bytes)} = ${formatGB(bytes)}`;
}

function scaled(value: number, unit: string): string {
  const [size, prefix] =
    (
      [
        [1e15, 'P'],
        [1e12, 'T'],
        [1e9, 'G'],
        [1, ''],
      ] as const
    ).find(([from]) => Math.abs(value) >= from) ?? ([1, ''] as const);
  return `${formatNumber(value / size)} ${prefix}${unit}`;
}

/** Units that take a prefix such as T or G. */
function isRate(unit: Unit): boolean {
  return unit === 'B/s' || unit.startsWith('flop');
}

const PLURALS: Partial<Record<Unit, string>> = {
  token: 'tokens',
  sequence: 'sequences',
  request: 'requests',
  instance: 'instances',
  GPU: 'GPUs',
};

/** Money that is added up: to the cent, and smaller amounts to more places. */
function formatAmountUsd(usd: number): string {
  return Math.abs(usd) >= 1000 ? formatCents(usd) : formatUsd(usd);
}

function formatFinite(value: number, unit: Unit): string {
  switch (unit) {
    case '':
      return formatNumber(value);
    case 'B':
      return formatBytes(value);
    case 'token/month':
      return `${formatTokens(value)} tokens/month`;
    case 'USD':
      return formatAmountUsd(value);
    default:
      if (isRate(unit)) return scaled(value, unit);
      return unit.startsWith('USD/') ? `${formatAmountUsd(value)}${unit.slice(3)}` : `${formatNumber(value)} ${PLURALS[unit] ?? unit}`;
  }
}

/**
 * A quantity with its unit; bytes are written in GiB and in GB.
 *
 * @param value a number; one that is not finite is named in words
 * @param unit unit of a term
 * @example formatQuantity(76472616928, 'B') // '76,472,616,928 B = 71.22 GiB = 76.47 GB'
 */
export function formatQuantity(value: number, unit: Unit): string {
  return finite(value, (x) => formatFinite(x, unit));
}

/**
 * The amount of a quantity without its unit where the unit stands nearby; bytes keep theirs.
 *
 * @example formatAmount(3.5, 'USD/GPU/hour') // '$3.50'
 */
export function formatAmount(value: number, unit: Unit): string {
  return finite(value, (x) => {
    if (unit === 'B') return Math.abs(x) < MIB ? `${formatCount(x)} B` : formatGiB(x);
    if (unit === 'token/month') return formatTokens(x);
    return unit.startsWith('USD') ? formatUsd(x) : isRate(unit) ? scaled(x, unit) : formatNumber(x);
  });
}
