import type { Knowledge } from '../../throughput/knowledge.ts';
import { formatUsd } from '../../units/money.ts';
import { alternatives, flagsOf } from '../hosting/alternatives.ts';
import { fleetVolume } from '../hosting/fleetVolume.ts';
import { hostOn, isSized, type SizedSelfHost } from '../hosting/selfHost.ts';
import type { CostRemedy } from './costAnswer.ts';
import type { CostQuery, CostQuestion } from './costQuestion.ts';

/** Share of the cost that a change must save to be told. */
const LEAST_SAVING = 0.02;

/**
 * The change of KV cache or attention with which a fleet costs least for this traffic.
 *
 * @param knowledge what is known of speed on the day of the question
 * @returns null where nothing saves 2 % or more, or the user fixed all of it
 */
export function costRemedy(
  query: CostQuery,
  { hosting, requests }: CostQuestion,
  side: SizedSelfHost,
  knowledge: Knowledge,
): CostRemedy | null {
  const now = fleetVolume(side, requests, hosting).usd.value;
  const found = alternatives(query, side.judged).flatMap((alternative): CostRemedy[] => {
    const other = hostOn(hosting, alternative.judged, side.supply, knowledge);
    if (!isSized(other)) return [];
    const { usd, instances } = fleetVolume(other, requests, hosting);
    const { code, change, words } = alternative;
    const machines = instances === 1 ? '1 instance' : `${instances} instances`;
    const message = `with ${words} (${flagsOf(alternative)}) it takes ${machines} and ${formatUsd(usd.value)} a month (${formatUsd(usd.low)} to ${formatUsd(usd.high)})`;
    return [{ row: side.id, code, change, message, usdPerMonth: usd, instances }];
  });
  const [best] = found.sort((a, b) => a.usdPerMonth.value - b.usdPerMonth.value);
  return best && best.usdPerMonth.value < now * (1 - LEAST_SAVING) ? best : null;
}
