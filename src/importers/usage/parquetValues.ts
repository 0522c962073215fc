const MS = 1_000n;
const decoder = new TextDecoder();

/** A time as text, with the digits beyond the millisecond. */
function timeText(ms: number, beyond: string): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : `${date.toISOString().slice(0, -1)}${beyond}Z`;
}

/** Milliseconds from the least up, and the digits that are left. */
function split(count: bigint, perMs: bigint, digits: number): string {
  const rest = ((count % perMs) + perMs) % perMs;
  return timeText(Number((count - rest) / perMs), String(rest).padStart(digits, '0'));
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && decoder.decode(bytes);
}

/** How values of a Parquet file become those of a log: times as text to their last digit, JSON as the text that it is. */
export const parsers = {
  timestampFromMilliseconds: (millis: bigint) => timeText(Number(millis), ''),
  timestampFromMicroseconds: (micros: bigint) => split(micros, MS, 3),
  timestampFromNanoseconds: (nanos: bigint) => split(nanos, MS * MS, 6),
  dateFromDays: (days: number) => timeText(days * 86_400_000, '').slice(0, 10),
  jsonFromBytes: textOf,
  stringFromBytes: textOf,
};

/**
 * A value without the types of Parquet: whole numbers that a double cannot hold stay text, which no count is.
 *
 * @example plainValue({ input: 12n }) // { input: 12 }
 */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Uint8Array) return decoder.decode(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plainValue(each)]));
}
