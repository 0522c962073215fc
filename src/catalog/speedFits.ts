import { z } from 'zod';
import { ATTENTIONS, type Attention, type Band, type BandTable, QUANTITIES, type Quantity } from '../throughput/band.ts';
import type { Coefficients } from '../throughput/coefficients.ts';
import type { SpeedFits } from '../throughput/fitting/speedFit.ts';
import { SITUATIONS, type Situation } from '../throughput/situation.ts';
import { TPOT_TERMS, TTFT_TERMS } from '../throughput/work.ts';
import { type DataFolder, readCsvFile } from './dataFolder.ts';
import { sourceKey, text } from './fields.ts';
import type { SourceBook } from './sourceBook.ts';

const number = z
  .string()
  .regex(/^-?\d+(\.\d+)?(e-?\d+)?$/, { error: 'a plain number' })
  .transform(Number);
const latency = z.enum(['tpot', 'ttft']);

/** Rows of the files that `npm run fit:speed` writes. */
const effectRow = z.strictObject({ id: text, quantity: latency, level: text, term: text, log: number });
const covarianceRow = z.strictObject({ id: text, quantity: latency, system: text, term: text, other: text, covariance: number });
const bandRow = z.strictObject({
  id: text,
  attention: z.enum(ATTENTIONS),
  quantity: z.enum(QUANTITIES),
  situation: z.enum(SITUATIONS),
  low: number,
  high: number,
  rows: number,
  source: sourceKey,
});

/** In place of a term: the variance that is typical of a system's own measurements. */
export const TYPICAL = 'typical';

const TERMS = { tpot: TPOT_TERMS, ttft: TTFT_TERMS } as const;

function effectsOf(folder: DataFolder): Record<'tpot' | 'ttft', Record<string, number[]>> {
  const effects: Record<'tpot' | 'ttft', Record<string, number[]>> = { tpot: {}, ttft: {} };
  for (const { content } of readCsvFile(folder, 'measurements/speed-coefficients.csv', effectRow)) {
    const { quantity, level, term, log } = content;
    const terms: readonly string[] = TERMS[quantity];
    const of = effects[quantity];
    of[level] ??= terms.map(() => 0);
    (of[level] ?? [])[terms.indexOf(term)] = log;
  }
  return effects;
}

function systemsOf(folder: DataFolder): Record<'tpot' | 'ttft', Record<string, { covariance: number[]; typicalVariance: number }>> {
  const systems: Record<'tpot' | 'ttft', Record<string, { covariance: number[]; typicalVariance: number }>> = { tpot: {}, ttft: {} };
  for (const { content } of readCsvFile(folder, 'measurements/speed-covariance.csv', covarianceRow)) {
    const { quantity, system, term, other, covariance } = content;
    const terms: readonly string[] = TERMS[quantity];
    const of = systems[quantity];
    of[system] ??= { covariance: terms.flatMap(() => terms.map(() => 0)), typicalVariance: 0 };
    const known = of[system];
    if (!known) continue;
    const [row, column] = [terms.indexOf(term), terms.indexOf(other)];
    if (term === TYPICAL) known.typicalVariance = covariance;
    else for (const at of [row * terms.length + column, column * terms.length + row]) known.covariance[at] = covariance;
  }
  return systems;
}

/** The coefficients of the step-time model and their covariance, as `npm run fit:speed` left them. */
export function readSpeedFits(folder: DataFolder): SpeedFits {
  const effects = effectsOf(folder);
  const systems = systemsOf(folder);
  const of = (quantity: 'tpot' | 'ttft'): Coefficients => ({
    terms: TERMS[quantity],
    effects: effects[quantity],
    systems: systems[quantity],
  });
  return { tpot: of('tpot'), ttft: of('ttft') };
}

/** The bands of held-out measurements by attention, quantity and situation. */
export function readSpeedBands(folder: DataFolder, book: SourceBook): BandTable {
  const none: Band = { low: 1, high: 1, rows: 0 };
  const each = <Key extends string, T>(keys: readonly Key[], make: () => T) =>
    Object.fromEntries(keys.map((key) => [key, make()])) as Record<Key, T>;
  const bands: Record<Attention, Record<Quantity, Record<Situation, Band>>> = each(ATTENTIONS, () =>
    each(QUANTITIES, () => each(SITUATIONS, () => none)),
  );
  for (const { content, data } of readCsvFile(folder, 'measurements/speed-bands.csv', bandRow)) {
    book.sharedId(content.source, data);
    const { attention, quantity, situation, low, high, rows } = content;
    bands[attention][quantity][situation] = { low, high, rows };
  }
  return bands;
}
