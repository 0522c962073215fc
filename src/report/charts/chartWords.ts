import type { TariffLine } from '../../plan/api/tariffLine.ts';
import type { BreakEvenAnswer, Crossing, PairCode } from '../../plan/breakEven/breakEvenAnswer.ts';
import type { FleetLine } from '../../plan/hosting/fleetLine.ts';
import { formatPrice, formatUsd } from '../../units/money.ts';
import { formatTokens } from '../../units/tokens.ts';
import { namesOf, PURCHASE_WORDS } from '../breakEvenTables.ts';
import { formatBand, formatShare } from '../format.ts';
import { FIXED_SPACE, inert } from '../plainText.ts';
import type { Extent } from './chartFrame.ts';
import { type MeasuredFleet, riserUsd, type Shades } from './staircase.ts';

const SIDES: Partial<Record<TariffLine['role'], string>> = { list: 'the list price', 'cheapest-host': 'the cheapest host' };

/** What is drawn, as far as the words must tell it. */
export interface Drawn {
  readonly fleets: readonly MeasuredFleet[];
  /** Fleets with a known capacity, drawn or not. */
  readonly compared: number;
  readonly crossings: readonly Crossing[];
  readonly shades: Shades;
  readonly extent: Extent;
}

/** A tariff as a side of a comparison: `the list price`. */
export function sideOf({ role, provider }: TariffLine): string {
  return SIDES[role] ?? inert(provider);
}

/** How one fleet stands to one tariff. */
interface Outcome {
  readonly code: PairCode;
  readonly side: string;
  /** Said of an outcome that is neither never nor open. */
  readonly words: string;
}

function outcomeOf({ crossings, verdicts }: BreakEvenAnswer, fleet: MeasuredFleet, tariff: TariffLine): Outcome {
  const { id } = tariff;
  const isPair = (pair: { readonly tariff: string; readonly offer: string }) => pair.tariff === id && pair.offer === fleet.id;
  const side = sideOf(tariff);
  const { code = 'never', probability } = verdicts.find(isPair) ?? {};
  const own = crossings.filter(isPair);
  const first = own.find(({ cheaperBeyond }) => cheaperBeyond === 'self-host')?.tokensPerMonth.value ?? 0;
  const last = own.find(({ final }) => final)?.tokensPerMonth.value ?? first;
  if (code === 'open') return { code, side: `${side} (${formatShare(probability ?? 0)} likely)`, words: '' };
  if (code === 'always') return { code, side, words: `less than ${side} at every volume` };
  if (code !== 'break-even') return { code: 'never', side, words: '' };
  const forGood = last === first ? '' : `, for good from ${formatTokens(last)}`;
  return { code, side, words: `less than ${side} from ${formatTokens(first)} tokens a month${forGood}` };
}

/** The rent of a GPU, or the price of a machine. */
function rentOf({ usdPerGpuHour, capexUsd }: MeasuredFleet): string {
  if (usdPerGpuHour) return ` at ${formatBand(usdPerGpuHour, formatPrice)} per GPU-hour`;
  return capexUsd === null ? '' : ` at ${formatUsd(capexUsd)} a machine`;
}

/** How a fleet is paid for, after its name; on demand goes without saying. */
function paidFor({ purchase }: FleetLine): string {
  return purchase === 'on-demand' ? '' : ` (${PURCHASE_WORDS[purchase]})`;
}

/** A fleet as the subject of a sentence: `8× H200 SXM (reserved 1 year)`. */
export function subjectOf(fleet: FleetLine): string {
  return `${fleet.gpusPerReplica}× ${inert(fleet.gpuName)}${paidFor(fleet)}`;
}

/**
 * The finding: the best fleet against each tariff, with the volumes of the answer.
 *
 * @param answer what is drawn
 * @param fleet the best staircase
 */
export function finding(answer: BreakEvenAnswer, fleet: MeasuredFleet): string {
  const subject = subjectOf(fleet);
  if (answer.verdicts.some(({ code }) => code === 'no-traffic'))
    return `At 0 tokens a month ${subject} cost ${formatUsd(riserUsd(fleet, 'value'))} and the API nothing`;
  const outcomes = answer.tariffs.map((tariff) => outcomeOf(answer, fleet, tariff));
  const sides = (wanted: PairCode) => outcomes.filter(({ code }) => code === wanted).map(({ side }) => side);
  const [never, open] = [sides('never'), sides('open')];
  const parts = outcomes.flatMap(({ words }) => (words === '' ? [] : [words]));
  const opening = open.length === 0 ? [] : [`open against ${open.join(' and ')}`];
  if (parts.length > 0) {
    const not = never.length === 0 ? [] : [`not less than ${never.join(' or ')}`];
    return `${subject} cost ${[...parts, ...not, ...opening].join('; ')}`;
  }
  if (never.length > 0) return [`${subject} never cost less than ${never.join(' or ')}`, ...opening].join('; ');
  return `${subject}: ${opening.join('')}`;
}

function shadesInWords({ rents, speeds }: Shades, fleets: number): string[] {
  if (rents && speeds) return ['dark shade: costs of instances from low to high', 'light shade: speeds as well'];
  if (rents) return [`shade: costs of instances from low to high${fleets > 1 ? '; speeds at their middle' : ''}`];
  if (speeds) return ['light shade: speeds from low to high'];
  return fleets > 1 ? ['costs and speeds at their middle'] : [];
}

/** What the dots of break-even volumes mean, of those that are there. */
export function dotsInWords(crossings: readonly Pick<Crossing, 'cheaperBeyond'>[]): string[] {
  const dots = [
    ['self-host', '● own GPUs cheaper beyond'],
    ['api', '○ API cheaper beyond'],
  ] as const;
  return dots.flatMap(([side, words]) => (crossings.some(({ cheaperBeyond }) => cheaperBeyond === side) ? [words] : []));
}

/** The model and the workload. */
export function askedOf({ tariffs, query }: Pick<BreakEvenAnswer, 'tariffs' | 'query'>): string {
  return [tariffs[0]?.model ?? query['model'], query['workload']].filter((part) => part !== undefined).join(', ');
}

/** What is compared, with which prices of which day, and what lies beyond the right edge: lines of a subtitle. */
export function subtitle(answer: BreakEvenAnswer, { fleets, compared, crossings, shades, extent }: Drawn): string[] {
  const { tariffs } = answer;
  const nameOf = namesOf(answer);
  const several = fleets.length > 1;
  const steps = fleets.map(
    (fleet) =>
      `${fleet.gpuName}${paidFor(fleet)}${rentOf(fleet)}, a step is ${formatUsd(riserUsd(fleet, 'value'))} for ${Math.max(1, fleet.instancesPerReplica) * fleet.gpusPerInstance}${FIXED_SPACE}GPUs`,
  );
  const best = compared > fleets.length ? ` (the best ${fleets.length} of ${compared})` : '';
  const prices = tariffs.map(({ provider, date }) => `${provider} ${date}`);
  const beyond = answer.crossings
    .filter(
      ({ final, offer, tokensPerMonth: { value } }) =>
        final && value !== null && value > extent.lastTokens && fleets.some(({ id }) => id === offer),
    )
    .map(
      ({ tariff, offer, tokensPerMonth: { value } }) =>
        `${several ? `${nameOf(offer)} ` : ''}against ${nameOf(tariff)} for good from ${formatTokens(value ?? 0)}`,
    );
  const banded = tariffs.some(({ usdPerMtok: { low, high } }) => low < high);
  const legend = [
    ...shadesInWords(shades, fleets.length),
    ...(banded ? ['shade of an API: prefix reuse from low to high'] : []),
    ...dotsInWords(crossings),
  ];
  return [
    `${askedOf(answer)} · own GPUs in whole instances${best}: ${steps.join('; ')}`,
    `API prices of ${prices.join(', ')}; costs and speeds known on ${answer.dataAge.asOf}`,
    ...(legend.length === 0 ? [] : [legend.join(' · ')]),
    ...(beyond.length === 0 ? [] : [`beyond the right edge: ${beyond.join('; ')}`]),
  ];
}

/** Label at the end of a staircase. */
export function fleetLabel(fleet: MeasuredFleet): string {
  return `own ${fleet.gpusPerReplica}× ${inert(fleet.gpuName)}\n${PURCHASE_WORDS[fleet.purchase]}, whole instances`;
}
