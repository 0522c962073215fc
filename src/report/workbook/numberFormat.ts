import type { Term } from '../../evidence/term.ts';

/** Formats of numbers, as spreadsheets write them. */
export const FORMATS = {
  count: '#,##0',
  /** Of a month: 19.6B, 850M, 12,000. */
  tokens: '[>=999999999]#,##0.0,,,"B";[>=999999]#,##0.0,,"M";#,##0',
  usd: '"$"#,##0;[Red]-"$"#,##0',
  cents: '"$"#,##0.00;[Red]-"$"#,##0.00',
  price: '"$"#,##0.0000',
  smallPrice: '"$"0.00000000',
  share: '0.0%',
  one: '#,##0.0',
  four: '#,##0.0000',
  scientific: '0.0000E+00',
  plain: 'General',
} as const;

/** Names of terms without a unit that are shares. */
const SHARE = /(?:share|reuse|utilisation|probability|maxLoad|costOfCapital|held)$/i;

function ofMoney({ unit, value }: Pick<Term, 'unit' | 'value'>): string {
  if (unit === 'USD/request' || (value !== 0 && Math.abs(value) < 0.01)) return FORMATS.smallPrice;
  return unit === 'USD/Mtoken' || unit === 'USD/GPU/hour' || unit === 'USD/kWh' ? FORMATS.price : FORMATS.cents;
}

/** The number format of a term, by its unit, name and size. */
export function termFormat(term: Pick<Term, 'id' | 'unit' | 'value'>): string {
  const { id, unit, value } = term;
  const size = Math.abs(value);
  if (unit.startsWith('USD')) return ofMoney(term);
  if ((unit === '1/year' || (unit === '' && SHARE.test(id))) && size <= 10) return FORMATS.share;
  if (size >= 1e15 || (size > 0 && size < 1e-3)) return FORMATS.scientific;
  if (Number.isInteger(value) || size >= 10_000) return FORMATS.count;
  return size >= 100 ? FORMATS.one : FORMATS.four;
}
