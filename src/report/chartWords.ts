import type { BreakEvenAnswer, TariffLine } from '../plan/breakEvenAnswer.ts';
import { formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { namesOf, tariffName } from './breakEvenTables.ts';
import type { Frame } from './chartFrame.ts';
import { codeInWords, formatBand } from './format.ts';
import { FIXED_SPACE, inert, wrap } from './plainText.ts';
import { type MeasuredFleet, riserUsd } from './staircase.ts';

const LONGEST_TITLE = 100;
const LONGEST_LINE = 145;

function against({ crossings, verdicts }: BreakEvenAnswer, fleet: MeasuredFleet, tariff: TariffLine): string {
  const side = tariff.role === 'list' ? 'the list price' : tariff.role === 'cheapest-host' ? 'the cheapest host' : tariff.provider;
  const volume = crossings.find((crossing) => crossing.final && crossing.tariff === tariff.id && crossing.offer === fleet.id)
    ?.tokensPerMonth.value;
  if (typeof volume === 'number') return `${side} from ${formatTokens(volume)}`;
  const verdict = verdicts.find((pair) => pair.tariff === tariff.id && pair.offer === fleet.id);
  return `${side} ${codeInWords(verdict?.code ?? 'never')}`;
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
  const beaten = answer.tariffs.map((tariff) => against(answer, fleet, tariff));
  const built = [beaten, beaten.slice(0, 1)].map((tariffs) =>
    inert(`${fleet.gpusPerReplica}× ${fleet.gpuName} beat ${tariffs.join(', ')} (tokens a month)`),
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
    'dark shade: rents from low to high · light shade: speeds as well · ● own GPUs cheaper beyond · ○ API cheaper beyond',
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
