import type { BreakEvenAnswer, TariffLine } from '../plan/breakEvenAnswer.ts';
import { formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { namesOf, tariffName } from './breakEvenTables.ts';
import type { Frame } from './chartFrame.ts';
import { formatBand } from './format.ts';
import { FIXED_SPACE, inert, wrap } from './plainText.ts';
import { type MeasuredFleet, riserUsd } from './staircase.ts';

const LONGEST_TITLE = 100;
const LONGEST_LINE = 155;

const SIDES: Partial<Record<TariffLine['role'], string>> = { list: 'the list price', 'cheapest-host': 'the cheapest host' };

/** Who beats whom from which volume, as one clause. */
function outcome({ crossings, verdicts }: BreakEvenAnswer, fleet: MeasuredFleet, tariffs: readonly TariffLine[]): string {
  const outcomes = tariffs.map(({ id, role, provider }) => {
    const isPair = ({ tariff, offer }: { readonly tariff: string; readonly offer: string }) => tariff === id && offer === fleet.id;
    const side = SIDES[role] ?? provider;
    const volume = crossings.find((crossing) => crossing.final && isPair(crossing))?.tokensPerMonth.value ?? null;
    if (volume !== null) return { beaten: true, words: `${side} from ${formatTokens(volume)}` };
    return verdicts.find(isPair)?.code === 'always' ? { beaten: true, words: `${side} from 0` } : { beaten: false, words: side };
  });
  const beaten = outcomes.filter((one) => one.beaten).map(({ words }) => words);
  const unbeaten = outcomes.filter((one) => !one.beaten).map(({ words }) => words);
  if (beaten.length === 0) return `never beat ${unbeaten.join(' or ')}`;
  return `beat ${beaten.join(', ')} tokens a month${unbeaten.length === 0 ? '' : `, never ${unbeaten.join(' or ')}`}`;
}

/**
 * The finding in at most 100 characters: the answer itself, its first sentence, or the first fleet against its tariffs.
 *
 * @param answer what is drawn
 * @param fleet the first staircase
 */
export function finding(answer: BreakEvenAnswer, fleet: MeasuredFleet): string {
  const whole = inert(answer.answer);
  const firstSentence = /^.*?[.!](?= |$)/.exec(whole)?.[0] ?? whole;
  const built = [answer.tariffs, answer.tariffs.slice(0, 1)].map((tariffs) =>
    inert(`${fleet.gpusPerReplica}× ${fleet.gpuName} ${outcome(answer, fleet, tariffs)}`),
  );
  const cut = wrap(firstSentence, LONGEST_TITLE)[0] ?? '';
  return [whole, firstSentence, ...built].find((text) => text.length <= LONGEST_TITLE) ?? cut;
}

/** What is compared, with which prices of which day, and what lies beyond the right edge: lines of a subtitle. */
export function subtitle(answer: BreakEvenAnswer, fleets: readonly MeasuredFleet[], { lastTokens }: Frame): string[] {
  const { query, tariffs, crossings } = answer;
  const nameOf = namesOf(answer);
  const asked = [tariffs[0]?.model ?? query['model'], query['workload']].filter((part) => part !== undefined).join(', ');
  const steps = fleets.map(
    (fleet) =>
      `${fleet.gpuName} at ${formatBand(fleet.usdPerGpuHour, formatUsd)} per GPU-hour, a step is ${formatUsd(riserUsd(fleet, 'value'))} for ${Math.max(1, fleet.instancesPerReplica) * fleet.gpusPerInstance} GPUs`,
  );
  const prices = tariffs.map(({ provider, date }) => `${provider} ${date}`);
  const beyond = crossings
    .filter(
      ({ final, offer, tokensPerMonth: { value } }) =>
        final && value !== null && value > lastTokens && fleets.some(({ id }) => id === offer),
    )
    .map(({ tariff, tokensPerMonth: { value } }) => `against ${nameOf(tariff)} for good from ${formatTokens(value ?? 0)}`);
  return [
    `${asked} · own GPUs in whole instances: ${steps.join('; ')}`,
    `API prices of ${prices.join(', ')}; rents and speeds known on ${answer.dataAge.asOf}`,
    `dark shade: rents from low to high · light shade: speeds as well${crossings.length === 0 ? '' : ' · ● own GPUs cheaper beyond · ○ API cheaper beyond'}`,
    ...(beyond.length === 0 ? [] : [`beyond the right edge: ${beyond.join('; ')}`]),
  ].flatMap((line) => wrap(line, LONGEST_LINE).map((part) => part.replaceAll(FIXED_SPACE, ' ')));
}

/** Label at the end of a tariff line. */
export function tariffLabel(tariff: TariffLine): string {
  return `${inert(tariffName(tariff))}\n${formatUsd(tariff.usdPerMtok)} per Mtok`;
}

/** Label at the end of a staircase. */
export function fleetLabel(fleet: MeasuredFleet): string {
  return `own ${fleet.gpusPerReplica}× ${inert(fleet.gpuName)}\nin whole instances`;
}
