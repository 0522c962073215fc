import type { TermSheet } from '../../evidence/term.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import type { SizedSelfHost } from '../hosting/selfHost.ts';
import { costSymbol } from '../hosting/supplyTerms.ts';
import { fullRequestsFormula, instancesFormula } from '../hosting/volumeTerms.ts';
import { type PaybackPair, runningCodes } from './payback.ts';

/** What some instances cost month by month, without what is paid before. */
function runningFormula(side: SizedSelfHost, instances: string, question: HostingQuestion): string {
  const lines = runningCodes(side, question).map((code) => costSymbol(side.key, code));
  return `${instances} * (${lines.length === 0 ? `0 * ${side.key}_usdPerInstanceMonth` : lines.join(' + ')})`;
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
  const volume = asked ? 'requestsPerMonth' : `${id}_requests`;
  if (!asked) sheet.formula(`${id}_requests`, 'requests of the full fleet', 'request/month', requests, fullRequestsFormula(side.key));
  sheet
    .formula(`${id}_instances`, 'instances that carry them', 'instance', instances, instancesFormula(volume, side.key))
    .formula(
      `${id}_running`,
      'running cost, without what is paid before',
      'USD/month',
      runningUsdPerMonth,
      runningFormula(side, `${id}_instances`, question),
    );
  if ('line' in against) {
    sheet.formula(
      `${id}_avoided`,
      `the bill at ${row.against}`,
      'USD/month',
      avoidedUsdPerMonth,
      `${volume} * ${against.key}_usdPerRequest`,
    );
  } else
    sheet
      .formula(
        `${id}_rentedInstances`,
        'instances that would be rented for them',
        'instance',
        rentedInstances ?? 0,
        instancesFormula(volume, against.key),
      )
      .formula(
        `${id}_avoided`,
        `the rent of ${row.against}`,
        'USD/month',
        avoidedUsdPerMonth,
        runningFormula(against, `${id}_rentedInstances`, question),
      );
  sheet
    .formula(
      `${id}_upfront`,
      'paid before: machines, and moving to them',
      'USD',
      upfrontUsd,
      `${id}_instances * ${side.key}_capexUsd${moving}`,
    )
    .formula(`${id}_saved`, 'saved month by month', 'USD/month', avoidedUsdPerMonth - runningUsdPerMonth, `${id}_avoided - ${id}_running`);
  if (months !== null) sheet.formula(id, `payback against ${row.against}`, 'month', months, `${id}_upfront / ${id}_saved`);
}
