import type { Offer } from '../../cost/offer.ts';
import { LEAST_PROVIDERS, RECENT_DAYS } from '../../cost/offerChoice.ts';
import { daysBetween, knownBy } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import { inUsd, times } from './amounts.ts';
import type { Judged } from './judgement.ts';
import type { RentClaim } from './moneyClaim.ts';

/** On-demand list prices of some GPUs, ascending. */
interface Rents {
  readonly recent: readonly Offer[];
  /** Below all recent ones, but no price any more. */
  readonly pastLower: Offer | null;
}

/**
 * The list prices of the 90 days before a day, or of those before the catalog's day where fewer than three providers are known: nobody
 * rents at a price of last season.
 */
export function rentsOf({ offers, date }: Catalog, gpu: readonly string[], day: string): Rents {
  const known = offers
    .filter((offer) => offer.pricing === 'on-demand' && gpu.includes(offer.gpu) && knownBy(offer.date, date))
    .sort((a, b) => a.usdPerGpuHour - b.usdPerGpuHour);
  const before = (last: string) => known.filter((offer) => knownBy(offer.date, last) && daysBetween(offer.date, last) <= RECENT_DAYS);
  const then = before(day);
  const enough = new Set(then.map(({ provider }) => provider)).size >= LEAST_PROVIDERS;
  const recent = enough ? then : before(date);
  const [lowest] = recent;
  const [least] = known;
  const lower = lowest && least && least.usdPerGpuHour < lowest.usdPerGpuHour ? least : null;
  return { recent, pastLower: lower };
}

function offerInWords({ usdPerGpuHour, provider, instance, date }: Offer): string {
  return `${inUsd(usdPerGpuHour)} USD per GPU-hour (${[provider, instance].filter(Boolean).join(' ')}, ${date})`;
}

/** Compares the published rent of a machine with the on-demand list prices of its GPUs. */
export function judgeRent({ gpu, gpus, claimedUsdPerHour }: RentClaim, catalog: Catalog, day: string): Judged {
  const { recent, pastLower } = rentsOf(catalog, gpu, day);
  const lowest = recent[0];
  const highest = recent.at(-1);
  if (!lowest || !highest) throw new Error(`no rent of ${gpu.join(' or ')}`);
  const perGpu = claimedUsdPerHour / gpus;
  const from = gpus * lowest.usdPerGpuHour;
  const parts = [
    `${gpus} × ${offerInWords(lowest)} = ${inUsd(from)}, the lowest of ${recent.length} on-demand list prices; the highest is ${inUsd(gpus * highest.usdPerGpuHour)}`,
    `the claim is ${inUsd(perGpu)} per GPU-hour, ${times(perGpu / lowest.usdPerGpuHour)} the lowest`,
    ...(pastLower ? [`a past quote was ${offerInWords(pastLower)}`] : []),
  ];
  return {
    claimed: `${inUsd(claimedUsdPerHour)} USD/h`,
    computed: `from ${inUsd(from)} USD/h`,
    judgement: perGpu >= lowest.usdPerGpuHour && perGpu <= highest.usdPerGpuHour ? 'right' : 'wrong',
    arithmetic: parts.join('; '),
  };
}
