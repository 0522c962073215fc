/** A value of a document with the path that leads to it. */
export interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

/** Every leaf of a document, in order. */
export function leavesOf(document: unknown, path = '$'): Leaf[] {
  if (typeof document !== 'object' || document === null) return [{ path, value: document }];
  return Object.entries(document).flatMap(([key, value]) => leavesOf(value, `${path}.${key}`));
}

/** Paths of leaves that JSON cannot carry: undefined, NaN, infinite numbers, functions. */
export function leavesBeyondJson(document: unknown): string[] {
  return leavesOf(document)
    .filter(
      ({ value }) =>
        !(value === null || ['string', 'boolean'].includes(typeof value) || (typeof value === 'number' && Number.isFinite(value))),
    )
    .map(({ path, value }) => `${path} is ${String(value)}`);
}
