import { describe, expect, it } from 'vitest';
import { usdPerRequest } from '../../src/cost/apiBill.ts';
import { ownershipLines } from '../../src/cost/ownership.ts';
import { paybackMonths } from '../../src/cost/payback.ts';
import { requestLeaves } from '../../src/cost/tokenLeaves.ts';
import { tokensOver } from '../../src/cost/volume.ts';
import { machine, tariffOf } from '../support/tariffs.ts';

// Pan, Chodnekar, Roy, Wang, arXiv 2509.18101 v3 (2025-11), tables I to IV.

/** Months to 0.001 as computed from the corrected inputs; the published cells are rounded, the farthest one by 0.052. */
const RECOMPUTED = 0.001;
const PUBLISHED = 0.06;

const USD_PER_KWH = 0.15;
const WORKING_HOURS = 176;
/** Tables and equation: a third input, two thirds output. */
const OUTPUT_SHARE = 2 / 3;

interface Card {
  readonly capexUsd: number;
  readonly kilowatts: number;
}

const A100: Card = { capexUsd: 15_000, kilowatts: 0.3 };
const RTX_5090: Card = { capexUsd: 2_000, kilowatts: 0.575 };

const prices = (inputUsdPerMtok: number, outputUsdPerMtok: number) => tariffOf({ inputUsdPerMtok, outputUsdPerMtok });

const APIS = {
  'GPT-5': prices(1.25, 10),
  'Claude-4 Opus': prices(15, 75),
  'Claude-4 Sonnet': prices(3, 15),
  'Grok-4': prices(3, 15),
  // Fitted: 7.75 for any token, where 1.25 / 10 are stated.
  'Gemini 2.5 Pro': prices(7.75, 7.75),
};

type Months = readonly [gpt5: number, opus: number, sonnet: number, grok4: number, gemini: number];

interface Row {
  readonly model: string;
  readonly gpus: number;
  readonly card: Card;
  readonly tokensPerSecond: number;
  readonly mtok: readonly [published: number, recomputed: number];
  readonly energyUsd: number;
  readonly published: Months;
  readonly recomputed: Months;
}

const KIMI: Row = {
  model: 'Kimi-K2',
  gpus: 16,
  card: A100,
  tokensPerSecond: 800,
  mtok: [506.9, 506.88],
  energyUsd: 126.72,
  published: [69.3, 8.7, 44.0, 44.0, 63.1],
  recomputed: [69.29, 8.648, 44.045, 44.045, 63.131],
};

const GLM: Row = {
  model: 'GLM-4.5',
  gpus: 6,
  card: A100,
  tokensPerSecond: 400,
  mtok: [253.4, 253.44],
  energyUsd: 47.52,
  published: [51.5, 6.5, 32.8, 32.8, 47.0],
  recomputed: [51.497, 6.479, 32.843, 32.843, 46.957],
};

const row = (
  model: string,
  gpus: number,
  card: Card,
  tokensPerSecond: number,
  mtok: Row['mtok'],
  energyUsd: number,
  published: Months,
  recomputed: Months,
): Row => ({ model, gpus, card, tokensPerSecond, mtok, energyUsd, published, recomputed });

const ROWS: readonly Row[] = [
  KIMI,
  GLM,
  row('Qwen3-235B', 4, A100, 400, [253.4, 253.44], 31.68, [34.0, 4.3, 21.8, 21.8, 31.1], [34.023, 4.314, 21.769, 21.769, 31.048]),
  row('gpt-oss-120B', 2, A100, 220, [139.4, 139.39], 15.84, [30.9, 3.9, 19.8, 19.8, 28.2], [30.879, 3.921, 19.77, 19.77, 28.184]),
  row('GLM-4.5-Air', 2, A100, 200, [126.7, 126.72], 15.84, [34.0, 4.3, 21.8, 21.8, 31.1], [34.023, 4.314, 21.769, 21.769, 31.048]),
  row('Llama-3.3-70B', 1, A100, 190, [120.4, 120.38], 7.92, [17.8, 2.3, 11.4, 11.4, 16.2], [17.756, 2.268, 11.396, 11.396, 16.215]),
  row('EXAONE 4.0 32B', 1, RTX_5090, 200, [126.7, 126.72], 15.18, [2.26, 0.3, 1.4, 1.4, 2.06], [2.266, 0.288, 1.451, 1.451, 2.068]),
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: 2.302 are months, not the logarithm of 10
  row('Qwen3-30B', 1, RTX_5090, 180, [114.0, 114.05], 15.18, [2.5, 0.3, 1.6, 1.6, 2.3], [2.523, 0.32, 1.614, 1.614, 2.302]),
  row('Magistral Small', 1, RTX_5090, 150, [95.0, 95.04], 15.18, [3.0, 0.4, 1.9, 1.9, 2.76], [3.039, 0.384, 1.941, 1.941, 2.772]),
];

/** What the paper counts of a machine: its price once, and electricity in the hours of work. */
function electricity({ gpus, card }: Row, hours: number): number {
  const bare = { ...machine, pue: 1, usdPerKwh: USD_PER_KWH, kilowatts: gpus * card.kilowatts };
  return ownershipLines(bare, hours).find(({ code }) => code === 'energy')?.usdPerMonth ?? Number.NaN;
}

function months(of: Row, api: keyof typeof APIS | ReturnType<typeof prices>, hours = WORKING_HOURS, outputShare = OUTPUT_SHARE): number {
  const tokens = tokensOver(of.tokensPerSecond, hours);
  const leaves = requestLeaves(tokens * (1 - outputShare), tokens * outputShare, { reuse: 0, writeShare: 0, thinkingShare: 0 });
  const tariff = typeof api === 'string' ? APIS[api] : api;
  return paybackMonths(of.gpus * of.card.capexUsd, usdPerRequest(tariff, leaves), electricity(of, hours)) ?? Number.NaN;
}

const distance = (a: number, b: number) => Math.abs(a - b);

describe('table A: months until own hardware is cheaper than an API', () => {
  it.each(ROWS)('$model: volume and electricity of a month', (of) => {
    const mtok = tokensOver(of.tokensPerSecond, WORKING_HOURS) / 1e6;
    expect(distance(mtok, of.mtok[1])).toBeLessThanOrEqual(0.005);
    expect(distance(mtok, of.mtok[0])).toBeLessThanOrEqual(0.05);
    expect(electricity(of, WORKING_HOURS)).toBeCloseTo(of.energyUsd, 10);
  });

  const cells = ROWS.flatMap((of) =>
    (Object.keys(APIS) as (keyof typeof APIS)[]).map(
      (api, column) => [of.model, api, of, of.recomputed[column] ?? Number.NaN, of.published[column] ?? Number.NaN] as const,
    ),
  );

  it('has nine rows of five columns', () => {
    expect(cells).toHaveLength(45);
  });

  it.each(cells)('%s against %s', (_, api, of, recomputed, published) => {
    expect(distance(months(of, api), recomputed)).toBeLessThanOrEqual(RECOMPUTED);
    expect(distance(months(of, api), published)).toBeLessThanOrEqual(PUBLISHED);
  });
});

describe('table A does not follow from its own inputs without corrections', () => {
  it('hours: 20 days of 8 are stated, and 22 days give the capacities', () => {
    expect(tokensOver(KIMI.tokensPerSecond, 160) / 1e6).toBe(460.8);
    for (const { tokensPerSecond, mtok } of ROWS) {
      expect(distance(tokensOver(tokensPerSecond, 160) / 1e6, mtok[0])).toBeGreaterThan(8);
      expect(distance(tokensOver(tokensPerSecond, WORKING_HOURS) / 1e6, mtok[0])).toBeLessThanOrEqual(0.05);
    }
    expect(distance(months(KIMI, 'GPT-5', 160), 69.3)).toBeGreaterThan(6);
  });

  it('power: 400 W per A100 are stated, and 300 W give the months', () => {
    const stated = (of: Row): Row => ({ ...of, card: { ...A100, kilowatts: 0.4 } });
    expect(months(stated(KIMI), 'GPT-5')).toBeCloseTo(70.15, 2);
    expect(months(KIMI, 'GPT-5')).toBeCloseTo(69.29, 2);
    expect(months(stated(GLM), 'GPT-5')).toBeCloseTo(51.97, 2);
    expect(months(GLM, 'GPT-5')).toBeCloseTo(51.5, 2);
    for (const of of [KIMI, GLM]) expect(distance(months(stated(of), 'GPT-5'), of.published[0])).toBeGreaterThan(PUBLISHED);
  });

  it('Gemini: 1.25 / 10 are stated, which is the column of GPT-5; its own rows need a blended price of 7.74 to 7.78', () => {
    expect(months(KIMI, prices(1.25, 10))).toBe(months(KIMI, 'GPT-5'));
    expect(distance(months(KIMI, prices(1.25, 10)), KIMI.published[4])).toBeGreaterThan(6);
    for (const of of ROWS) {
      const cell = of.published[4];
      const rounding = of.card === RTX_5090 && cell !== 2.3 ? 0.005 : 0.05;
      expect(months(of, prices(7.78, 7.78)), of.model).toBeLessThan(cell + rounding);
      expect(months(of, prices(7.74, 7.74)), of.model).toBeGreaterThan(cell - rounding);
    }
  });

  it('ratio: the text says two tokens in to one out, the equation and the table the reverse', () => {
    expect(months(KIMI, 'GPT-5', WORKING_HOURS, 1 / 3)).toBeGreaterThan(120);
    expect(distance(months(KIMI, 'GPT-5'), 69.3)).toBeLessThanOrEqual(PUBLISHED);
  });

  it('never: an API bill below the electricity pays no hardware back', () => {
    expect(paybackMonths(240_000, electricity(KIMI, WORKING_HOURS), electricity(KIMI, WORKING_HOURS))).toBeNull();
  });
});
