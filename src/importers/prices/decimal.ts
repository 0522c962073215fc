/** A decimal number as written; bounded, so that it is read in linear time. */
const FORM = /^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?(?:e([+-]?\d{1,4}))?$/i;

/** More significant digits than a price has are the dust of binary arithmetic in a registry's own tools. */
const MOST_DIGITS = 14;
const KEPT_DIGITS = 12;

/** Digits and the place of their last one: digits × 10^exponent. */
interface Scaled {
  readonly digits: string;
  readonly exponent: number;
}

function significant({ digits, exponent }: Scaled): Scaled {
  const kept = digits.replace(/0+$/, '');
  return { digits: kept, exponent: exponent + digits.length - kept.length };
}

function withoutDust(scaled: Scaled): Scaled {
  const { digits, exponent } = significant(scaled);
  if (digits.length <= MOST_DIGITS) return { digits, exponent };
  const up = (digits[KEPT_DIGITS] ?? '0') >= '5' ? 1n : 0n;
  const rounded = String(BigInt(digits.slice(0, KEPT_DIGITS)) + up);
  return significant({ digits: rounded, exponent: exponent + digits.length - KEPT_DIGITS });
}

/** Plain digits without an exponent. */
function plain({ digits, exponent }: Scaled): string {
  if (digits === '') return '0';
  if (exponent >= 0) return digits + '0'.repeat(exponent);
  const padded = digits.padStart(1 - exponent, '0');
  return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/**
 * A number times a power of ten, exactly: the digits stay and the point moves.
 *
 * @param number a number, by the shortest decimal that means it, or a decimal number as text
 * @param places by which the point moves to the right
 * @returns plain digits without an exponent; null for anything but a plain number
 * @example shiftedDecimal(9.5e-7, 6) // '0.95'
 */
export function shiftedDecimal(number: number | string, places: number): string | null {
  const [, sign = '', whole = '', fraction = '', power = '0'] = FORM.exec(String(number).trim()) ?? [];
  if (whole === '' && fraction === '') return null;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const shifted = plain(withoutDust({ digits, exponent: Number(power) - fraction.length + places }));
  return sign === '-' && shifted !== '0' ? `-${shifted}` : shifted;
}
