import { groupedBy } from './groupedBy.ts';
import { risePercent } from './priceChanges.ts';
import { type PriceFact, priceAt } from './priceFact.ts';

/** What one registry or source says about a price now. */
export interface PriceClaim {
  readonly registry: string;
  readonly date: string;
  /** Its rows, of which there may be several for one product. */
  readonly ids: readonly string[];
  /** What is billed, over its rows. */
  readonly lowUsd: number;
  readonly highUsd: number;
  /** Whether it publishes the price; where not, another price of its own is billed. */
  readonly published: boolean;
  /** Whether all of its rows are the user's own. */
  readonly own: boolean;
}

/** One price about which those who say it differ. */
export interface Disagreement {
  readonly kind: PriceFact['kind'];
  readonly provider: string;
  readonly subject: string;
  readonly product: string;
  readonly field: string;
  /** How far the highest claim is above the lowest; null where the lowest is zero. */
  readonly percent: number | null;
  /** The lowest first. */
  readonly claims: readonly PriceClaim[];
}

function latest(days: readonly string[]): string {
  return [...days].sort().at(-1) ?? '';
}

/** The rows that began last; of those the ones that were read last. */
function newest(rows: readonly PriceFact[]): PriceFact[] {
  const since = latest(rows.map((row) => row.since));
  const current = rows.filter((row) => row.since === since);
  const date = latest(current.map((row) => row.date));
  return current.filter((row) => row.date === date);
}

function claimOf(registry: string, rows: readonly PriceFact[], field: string): PriceClaim {
  const prices = rows.map((row) => priceAt(row, field));
  const billed = prices.map(({ billedUsd }) => billedUsd);
  return {
    registry,
    date: latest(rows.map(({ date }) => date)),
    ids: rows.map(({ id }) => id),
    lowUsd: Math.min(...billed),
    highUsd: Math.max(...billed),
    published: prices.some(({ usd }) => usd !== null),
    own: rows.every(({ own }) => own),
  };
}

/** From the end of the lowest claim to the begin of the highest; 0 where all of them share a price. */
function gapPercent(claims: readonly PriceClaim[]): number | null {
  const reached = Math.min(...claims.map(({ highUsd }) => highUsd));
  const asked = Math.max(...claims.map(({ lowUsd }) => lowUsd));
  return asked <= reached ? 0 : risePercent(reached, asked);
}

/** Those who were not read before the newest price began: of it the others say nothing. */
function speakingOfNow(voices: readonly PriceFact[][]): PriceFact[][] {
  const began = latest(voices.flat().flatMap(({ begins }) => begins ?? []));
  return voices.filter(([first]) => first !== undefined && first.date >= began);
}

function among(peers: readonly PriceFact[], thresholdPercent: number): Disagreement[] {
  const voices = speakingOfNow(groupedBy(peers, ({ registry }) => registry).map(newest));
  const fields = [...new Set(voices.flat().flatMap(({ prices }) => Object.keys(prices)))];
  return fields.flatMap((field) => {
    const claims = voices
      .flatMap(([first, ...more]) => (first ? [claimOf(first.registry, [first, ...more], field)] : []))
      .sort((a, b) => a.lowUsd - b.lowUsd || a.registry.localeCompare(b.registry));
    const percent = gapPercent(claims);
    const [one] = peers;
    const isSaid = claims.some(({ published }) => published);
    if (!one || !isSaid || (percent !== null && percent <= thresholdPercent)) return [];
    const { kind, provider, subject, common } = one;
    return [{ kind, provider, subject, product: common ?? '', field, percent, claims }];
  });
}

function width({ percent }: Disagreement): number {
  return percent ?? Number.POSITIVE_INFINITY;
}

/**
 * Prices about which registries (tariffs) or sources (offers on demand) differ: each speaks with its newest rows, all of them where it
 * has several, and what counts is the gap between their ranges, in percent of the lower one. An unpublished price counts as what is
 * billed instead, and one that nobody publishes not at all.
 *
 * @param facts those that hold on the day
 * @param thresholdPercent up to where it is taken for agreement
 * @returns the widest first
 */
export function disagreements(facts: readonly PriceFact[], thresholdPercent: number): Disagreement[] {
  const name = ({ kind, provider, subject, common }: PriceFact) => (common === null ? null : [kind, provider, subject, common].join('|'));
  return groupedBy(facts, name)
    .flatMap((peers) => among(peers, thresholdPercent))
    .sort((a, b) => (width(a) === width(b) ? 0 : width(b) - width(a)));
}
