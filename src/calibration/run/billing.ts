import type { Tariff } from '../../cost/tariff.ts';
import type { RequestRecord } from '../client/record.ts';
import { spentUsd } from '../ladder/worstCase.ts';

/** What the usage of the requests of a shape costs by the tariff. */
export interface BilledShape {
  readonly shape: string;
  readonly requests: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** Share of the input that the endpoint says it found, and that was sent before. */
  readonly cachedShare: number;
  readonly sentBefore: number;
  readonly usdPerRequest: number;
}

/**
 * What answered requests cost by a tariff, shape by shape, with what the endpoint found in its cache beside what had been sent before.
 *
 * @returns only shapes whose usage is stated
 */
export function billedOf(records: readonly RequestRecord[], tariff: Tariff): BilledShape[] {
  const shapes = new Map<string, RequestRecord[]>();
  for (const record of records) {
    if (record.failure || record.usage.inputTokens === null) continue;
    shapes.set(record.ask.shape, [...(shapes.get(record.ask.shape) ?? []), record]);
  }
  return [...shapes].map(([shape, of]) => {
    const sum = (value: (record: RequestRecord) => number | null) => of.reduce((total, record) => total + (value(record) ?? 0), 0);
    // Nothing was sent before the first of a shape.
    const first = of.reduce((earliest, record) => (record.sentMs < earliest.sentMs ? record : earliest));
    const before = (record: RequestRecord) => (record === first ? 0 : record.ask.sharedInput);
    const inputTokens = sum(({ usage }) => usage.inputTokens);
    const cachedTokens = sum(({ usage }) => usage.cachedTokens);
    return {
      shape,
      requests: of.length,
      inputTokens,
      cachedTokens,
      outputTokens: sum(({ usage }) => usage.outputTokens),
      cachedShare: inputTokens === 0 ? 0 : cachedTokens / inputTokens,
      sentBefore: inputTokens === 0 ? 0 : sum((record) => before(record) * (record.usage.inputTokens ?? 0)) / inputTokens,
      usdPerRequest: sum((record) => spentUsd(record, tariff)) / of.length,
    };
  });
}
