import { requestsPerStep } from '../../cost/fleet.ts';
import type { TermSheet } from '../../evidence/term.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { middleStairs, type SizedSelfHost } from '../hosting/selfHost.ts';
import { costSymbol } from '../hosting/supplyTerms.ts';
import { type PaybackPair, runningCodes } from './payback.ts';

/** What some instances cost month by month, without what is paid before. */
function runningFormula(side: SizedSelfHost, instances: number, question: HostingQuestion): string {
  const lines = runningCodes(side, question).map((code) => costSymbol(side.key, code));
  return `${instances} * (1 instance) * (${lines.length === 0 ? `0 * ${side.key}_usdPerInstanceMonth` : lines.join(' + ')})`;
}

/** How a payback came about; both fleets stand on the sheet already. One that never comes has no months, only what it would save. */
export function paybackTerms(
  sheet: TermSheet,
  { row, side, against, requests, instances, rentedInstances }: PaybackPair,
  question: HostingQuestion,
): void {
  const { id, upfrontUsd, avoidedUsdPerMonth, runningUsdPerMonth, months } = row;
  const asked = question.volume.requestsPerMonth !== null;
  const moving = rentedInstances === null ? ` + oneOffUsd + rampMonths * ${id}_running` : '';
  sheet.formula(
    `${id}_running`,
    'running cost, without what is paid before',
    'USD/month',
    runningUsdPerMonth,
    runningFormula(side, instances, question),
  );
  if ('line' in against) {
    const volume = asked ? 'requestsPerMonth' : `${id}_requests`;
    if (!asked)
      sheet.formula(
        `${id}_requests`,
        'requests of the full fleet',
        'request/month',
        requests,
        `${requests / requestsPerStep(middleStairs(side, question))} * ${side.key}_requestsPerStep`,
      );
    sheet.formula(
      `${id}_avoided`,
      `the bill at ${row.against}`,
      'USD/month',
      avoidedUsdPerMonth,
      `${volume} * ${against.key}_usdPerRequest`,
    );
  } else
    sheet.formula(
      `${id}_avoided`,
      `the rent of ${row.against}`,
      'USD/month',
      avoidedUsdPerMonth,
      runningFormula(against, rentedInstances ?? 0, question),
    );
  sheet
    .formula(
      `${id}_upfront`,
      'paid before: machines, and moving to them',
      'USD',
      upfrontUsd,
      `${instances} * (1 instance) * ${side.key}_capexUsd${moving}`,
    )
    .formula(`${id}_saved`, 'saved month by month', 'USD/month', avoidedUsdPerMonth - runningUsdPerMonth, `${id}_avoided - ${id}_running`);
  if (months !== null) sheet.formula(id, `payback against ${row.against}`, 'month', months, `${id}_upfront / ${id}_saved`);
}
