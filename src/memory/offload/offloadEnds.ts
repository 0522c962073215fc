/** The three cases in which an offload plan is tried: everything uncertain at its low end, its middle, its high end. */
export const ENDS = ['low', 'value', 'high'] as const;

export type End = (typeof ENDS)[number];

/** One value for each of the cases. */
export type ByEnd<T> = Readonly<Record<End, T>>;

/** What `of` gives for each of the cases. */
export function byEnd<T>(of: (end: End) => T): ByEnd<T> {
  return { low: of('low'), value: of('value'), high: of('high') };
}
