import { inert } from '../../faults/fault.ts';

/** Keys and indexes from the top of a document to a value. */
export type JsonPath = readonly (string | number)[];

/**
 * A path as faults write it; keys that are no plain word stand in quotes.
 *
 * @example pathText(['models', 'kimi-k2.5', 'tiers', 0]) // 'models["kimi-k2.5"].tiers[0]'
 */
export function pathText(path: JsonPath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\w-]{1,80}$/.test(step)) return `["${inert(step)}"]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
