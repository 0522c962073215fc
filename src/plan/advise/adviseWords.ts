import { layoutName } from '../../layout/layout.ts';
import { formatUsd } from '../../units/money.ts';
import { formatTokens } from '../../units/tokens.ts';
import type { BreakEvenAnswer } from '../breakEven/breakEvenAnswer.ts';
import { counted, PAID_FOR, percent, tariffInWords, usdInWords } from '../hosting/hostingWords.ts';
import { assumptionText } from '../outlook/assumptionText.ts';
import { likelihood } from '../outlook/outlookWords.ts';
import type { SensitivityRow } from '../outlook/sensitivityAnswer.ts';
import type { AdvisedWay } from './adviseAnswer.ts';

interface Advice {
  /** Ascending in cost. */
  readonly ways: readonly AdvisedWay[];
  readonly chosen: AdvisedWay;
  readonly probability: number | null;
  readonly budget: number | null;
  readonly turns: readonly SensitivityRow[];
  readonly answer: BreakEvenAnswer;
}

function fleetName(id: string | null, { offers }: BreakEvenAnswer): string {
  const fleet = offers.find((one) => one.id === id);
  return fleet ? `${fleet.gpusPerReplica}×${fleet.gpuName}${PAID_FOR[fleet.purchase]} (${layoutName(fleet.layout)})` : (id ?? '');
}

function tariffNameOf(id: string | null, { tariffs, query }: BreakEvenAnswer): string {
  const line = tariffs.find((one) => one.id === id);
  return line ? tariffInWords(line, String(query['model'])) : (id ?? '');
}

function wayInWords(way: AdvisedWay, answer: BreakEvenAnswer): string {
  const usd = `${usdInWords(way.usdPerMonth)} a month`;
  switch (way.way) {
    case 'api':
      return `Buy from the API: ${tariffNameOf(way.tariff, answer)} takes ${usd}`;
    case 'host':
      return `Host: ${counted(way.replicas, 'replica')} on ${fleetName(way.offer, answer)} (${counted(way.instances, 'instance')}) cost ${usd}`;
    case 'both':
      return `Do both: a floor of ${counted(way.replicas, 'replica')} on ${fleetName(way.offer, answer)} serves ${percent(way.ownShare)} of the requests, ${tariffNameOf(way.tariff, answer)} takes the rest: ${usd}`;
  }
}

function briefly(way: AdvisedWay, answer: BreakEvenAnswer): string {
  const usd = formatUsd(way.usdPerMonth.value);
  if (way.way === 'api') return `${tariffNameOf(way.tariff, answer)} takes ${usd}`;
  if (way.way === 'both') return `a floor with overflow costs ${usd}`;
  return `hosting on ${fleetName(way.offer, answer)} costs ${usd}`;
}

function budgetInWords({ ways, chosen, budget, answer }: Advice): string {
  if (budget === null) return '';
  const share = likelihood(chosen.inBudget ?? 0);
  if (chosen.usdPerMonth.value <= budget) {
    const over = ways.filter((way) => way !== chosen && way.usdPerMonth.value > budget).map((way) => briefly(way, answer));
    return ` It is ${share} likely to keep within ${formatUsd(budget)} a month${over.length === 0 ? '' : `; beyond it ${over.join(', ')}`}.`;
  }
  return ` It costs more than ${formatUsd(budget)} a month at middle values; it is ${share} likely to keep within.`;
}

/** The advice: what to do, how sure that is, whether the budget holds, and what would turn it. */
export function adviceInWords(advice: Advice): string {
  const { ways, chosen, probability, budget, turns, answer } = advice;
  const month = answer.monthly[0];
  const volume = month ? ` for ${formatTokens(month.tokensPerMonth)} tokens` : '';
  const others =
    budget === null || chosen.usdPerMonth.value > budget ? ways.filter((way) => way !== chosen).map((way) => briefly(way, answer)) : [];
  const rest = others.length === 0 ? '' : `; ${others.join(', ')}`;
  const sure =
    probability === null
      ? ' Nothing can be hosted that is known.'
      : ` This is ${likelihood(probability)} likely to be the cheapest of hosting, buying and both.`;
  const hostingWins = chosen.way !== 'api';
  const [turn] = turns;
  const turned = turn
    ? ` ${hostingWins ? 'The API' : 'Hosting some of it'} would be cheaper with ${turn.label} ${(turn.flipsAt ?? 0) > turn.now ? 'above' : 'below'} ${assumptionText(turn.flipsAt ?? 0, turn.unit)} (now ${assumptionText(turn.now, turn.unit)}).`
    : ' No single assumption turns it.';
  return `${wayInWords(chosen, answer)}${volume}${rest}.${sure}${budgetInWords(advice)}${probability === null ? '' : turned}`;
}
