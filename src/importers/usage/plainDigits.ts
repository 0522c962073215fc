/** Powers of ten that are exact. */
const TENS = Array.from({ length: 16 }, (_, digits) => 10 ** digits);
/** Digits whose number is exact. */
const MOST_LENGTH = 15;

/**
 * The number that a text of digits with one point at most stands for, exactly as the runtime reads it: both parts of the quotient are
 * exact and division rounds once.
 *
 * @param text any
 * @returns NaN for every other text, and for more than 15 letters
 * @example plainDigits('0.731') // 0.731
 */
export function plainDigits(text: string): number {
  const { length } = text;
  if (length === 0 || length > MOST_LENGTH) return Number.NaN;
  let digits = 0;
  let point = -1;
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
    else if (digit === -2 && point < 0 && length > 1) point = at;
    else return Number.NaN;
  }
  return point < 0 ? digits : digits / (TENS[length - 1 - point] ?? Number.NaN);
}
