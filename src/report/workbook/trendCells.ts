import type { Trend, TrendPart } from '../../cost/cashflow/trend.ts';
import { FORMATS } from './numberFormat.ts';

/** A number of a plan with its words. */
export interface PlanNumber {
  readonly label: string;
  readonly value: number;
  readonly format: string;
  readonly unit: string;
}

function numbersOf(part: TrendPart, what: string): PlanNumber[] {
  switch (part.kind) {
    case 'rate':
      return [
        { label: `${what}: change of a year, compounded month by month`, value: part.perYear, format: FORMATS.share, unit: '1/year' },
      ];
    case 'step':
      return [
        { label: `${what}: months until a step`, value: part.month, format: FORMATS.count, unit: 'month' },
        { label: `${what}: change at that step`, value: part.change, format: FORMATS.share, unit: '' },
      ];
    case 'ramp':
      return [
        {
          label: `${what}: months of the ramp${part.shape === 's' ? ', slow at both ends' : ''}`,
          value: part.months,
          format: FORMATS.count,
          unit: 'month',
        },
        { label: `${what}: share at its beginning`, value: part.from, format: FORMATS.share, unit: '' },
      ];
  }
}

/** The numbers of a trend, part by part. */
export function trendNumbers(trend: Trend, what: string): PlanNumber[] {
  return trend.flatMap((part) => numbersOf(part, what));
}

/** The area under a ramp up to a month, which is `end` months after its start. */
function rampArea(end: string, months: string, shape: 'linear' | 's'): string {
  const x = `(${end}/${months})`;
  const risen = shape === 'linear' ? `${x}^2/2` : `(${x}^3-${x}^4/2)`;
  return `IF(${end}<${months},${months}*${risen},${months}/2+${end}-${months})`;
}

function partFormula(part: TrendPart, month: string, [first = '', second = '']: readonly string[]): string {
  switch (part.kind) {
    case 'rate':
      return `(1+${first})^(${month}/12)`;
    case 'step':
      return `IF(${month}>=${first},1+${second},1)`;
    case 'ramp':
      return `(${second}+(1-${second})*(${rampArea(`(${month}+1)`, first, part.shape)}-${rampArea(month, first, part.shape)}))`;
  }
}

/**
 * What a trend makes of 1 in a month, as a formula of spreadsheets.
 *
 * @param month cell of the month
 * @param cells those of `trendNumbers`, in its order
 */
export function trendFormula(trend: Trend, month: string, cells: readonly string[]): string {
  const parts: string[] = [];
  let place = 0;
  for (const part of trend) {
    const size = part.kind === 'rate' ? 1 : 2;
    parts.push(partFormula(part, month, cells.slice(place, place + size)));
    place += size;
  }
  return parts.length === 0 ? '1' : parts.join('*');
}
