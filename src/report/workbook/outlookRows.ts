import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';
import type { FlowSheet } from './cashFlowSheet.ts';
import { FORMATS } from './numberFormat.ts';
import { optionWords } from './sensitivitySheet.ts';
import { headers, paragraph, section } from './summaryParts.ts';
import type { Alternatives } from './termGroups.ts';
import type { TermSheets } from './termSheets.ts';
import { formulaCell, numberCell, type SheetRow, textCell } from './workbook.ts';

/** The sheet of the cash flow of a pair. */
export interface PairFlow extends FlowSheet {
  readonly offer: string;
  readonly tariff: string;
}

/** What the summary of a break-even is drawn from. */
export interface Told {
  readonly flows: readonly PairFlow[];
  readonly answer: BreakEvenAnswer;
  readonly alternatives: Alternatives;
  readonly sheets: TermSheets;
}

/** What each pair comes to over the months of the plan, from the sheets of the cash flows. */
export function cashFlowRows({ answer, alternatives, flows }: Told): SheetRow[] {
  const { cashFlows, time } = answer;
  if (!time || cashFlows.length === 0) return [];
  const nameOf = (id: string) => [...alternatives.fleets, ...alternatives.tariffs].find((one) => one.id === id)?.name ?? id;
  const taxes = time.tax ? ', after taxes' : '';
  const assumed = `API prices ${time.apiTrend}, rents and machines ${time.rentTrend}, demand ${time.demandTrend}, cost of capital ${Number((100 * time.discount).toFixed(2))} % a year.`;
  return [
    ...section(`Over ${time.months} months from ${time.firstMonth}${taxes}, in money of today`),
    headers([
      'own GPUs',
      'against',
      'the API',
      'hosting',
      'saved',
      'rate of return, a year',
      'paid back after months',
      'cheapest way to go',
    ]),
    ...cashFlows.map(({ offer, tariff, savedPresentUsd, internalRate, payback, options }) => {
      const totals = flows.find((flow) => flow.offer === offer && flow.tariff === tariff)?.totals;
      const costs = new Map(options.map(({ option, presentUsd }) => [option, presentUsd]));
      const best = [...options].sort((a, b) => a.presentUsd - b.presentUsd)[0];
      const live = (reference: string | undefined, value: number | string, format: string) =>
        reference === undefined ? textCell(String(value), 'fixed') : formulaCell(reference, value, format, 'result');
      const rate = internalRate.code === 'one' ? internalRate.perYear[0] : undefined;
      return [
        textCell(nameOf(offer)),
        textCell(nameOf(tariff)),
        live(totals?.apiUsd, costs.get('api') ?? 0, FORMATS.usd),
        live(totals?.hostUsd, costs.get('host') ?? 0, FORMATS.usd),
        live(totals?.savedUsd, savedPresentUsd, FORMATS.usd),
        rate === undefined ? textCell(internalRate.code, 'fixed') : live(totals?.perYear, rate, FORMATS.share),
        live(totals?.paybackMonths, payback.finalMonth ?? 'never', FORMATS.one),
        textCell(best ? optionWords(best.option) : '', 'muted'),
      ];
    }),
    paragraph(assumed, 'muted'),
  ];
}

/** How likely hosting is cheaper at the asked volume, for each pair. */
export function surenessRows({ answer, alternatives }: Told): SheetRow[] {
  if (answer.sensitivity.length === 0) return [];
  const nameOf = (id: string) => [...alternatives.fleets, ...alternatives.tariffs].find((one) => one.id === id)?.name ?? id;
  return [
    ...section(
      `How sure at this volume, saved ${answer.time ? `over ${answer.time.months} months in money of today` : 'in a month'} (sampled by kplan, does not follow changed inputs)`,
    ),
    headers(['own GPUs', 'against', 'hosting is cheaper, likely', 'saved', '10th percentile', '50th percentile', '90th percentile']),
    ...answer.sensitivity.map(({ offer, tariff, probability, savedUsdPerMonth, savedPresentUsd }) => {
      const { now, p10, p50, p90 } = savedPresentUsd ?? savedUsdPerMonth;
      return [
        textCell(nameOf(offer)),
        textCell(nameOf(tariff)),
        numberCell(probability.value, FORMATS.share, 'fixed'),
        ...[now, p10, p50, p90].map((usd) => numberCell(usd, FORMATS.usd, 'fixed')),
      ];
    }),
  ];
}
