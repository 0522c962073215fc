import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';
import type { OptionRegret, Sensitivity, SensitivityRow, SensitivityUnit } from '../../plan/outlook/sensitivityAnswer.ts';
import { namesOf } from '../breakEvenTables.ts';
import { FORMATS } from './numberFormat.ts';
import { numberCell, type SheetRow, textCell, type WorkbookSheet } from './workbook.ts';

function formatOf(unit: SensitivityUnit, value: number): string {
  if (unit === 'USD/Mtok' || unit === 'USD/GPU-hour' || unit === 'USD/kWh') return FORMATS.price;
  if (unit.startsWith('USD')) return FORMATS.usd;
  if (unit === 'share' || unit === 'share/year') return FORMATS.share;
  if (unit === 'tokens/month') return FORMATS.tokens;
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? FORMATS.count : FORMATS.four;
}

function swingRow(row: SensitivityRow): SheetRow {
  const { label, unit, now, low, high, savedAtLow, savedAtHigh, flipsAt, probabilityBeyond } = row;
  const amount = (value: number | null) => (value === null ? null : numberCell(value, formatOf(unit, value), 'fixed'));
  const usd = (value: number | null) => numberCell(value, FORMATS.usd, 'fixed');
  return [
    textCell(label),
    textCell(unit, 'muted'),
    amount(now),
    amount(low),
    amount(high),
    usd(savedAtLow),
    usd(savedAtHigh),
    amount(flipsAt) ?? textCell('nowhere', 'fixed'),
    numberCell(probabilityBeyond, FORMATS.share, 'fixed'),
  ];
}

/** A way to go, in words. */
export function optionWords(option: string): string {
  if (option === 'host') return 'host now';
  return option === 'api' ? 'stay on the API' : `the API for ${option.slice('wait-'.length)} months, then host`;
}

function regretRows(options: readonly OptionRegret[]): SheetRow[] {
  if (options.length === 0) return [];
  const titles = [
    'ways to go, in money of today',
    'cheapest, likely',
    'costs at middle values',
    '10th percentile',
    '50th percentile',
    '90th percentile',
    'mean regret',
    '90th percentile of regret',
  ];
  return [
    titles.map((text) => textCell(text, 'header')),
    ...options.map(({ option, cheapest, presentUsd: { now, p10, p50, p90 }, meanRegretUsd, p90RegretUsd }) => [
      textCell(optionWords(option)),
      numberCell(cheapest, FORMATS.share, 'fixed'),
      ...[now, p10, p50, p90, meanRegretUsd, p90RegretUsd].map((usd) => numberCell(usd, FORMATS.usd, 'fixed')),
    ]),
  ];
}

function pairRows(
  { offer, tariff, of, probability, samples, savedUsdPerMonth, savedPresentUsd, rows, options }: Sensitivity,
  nameOf: (id: string) => string,
): SheetRow[] {
  const usd = (value: number) => numberCell(value, FORMATS.usd, 'fixed');
  const { now, p10, p50, p90 } = savedPresentUsd ?? savedUsdPerMonth;
  const about = of === 'plan' ? 'over the months of the plan, in money of today' : 'in a month, at today’s prices';
  const header = [
    'assumption',
    'unit',
    'now',
    '10th percentile',
    '90th percentile',
    'saved at 10th',
    'saved at 90th',
    'turns at',
    'how likely beyond',
  ];
  return [
    [textCell(`${nameOf(offer)} against ${nameOf(tariff)}`, 'section', { spread: 9 })],
    ['', 'cheaper, likely', 'from', 'to', 'saved at middle values', '10th percentile', '50th percentile', '90th percentile', 'samples'].map(
      (text) => textCell(text, 'header'),
    ),
    [
      textCell(`hosting against the API, ${about}`),
      ...[probability.value, probability.low, probability.high].map((share) => numberCell(share, FORMATS.share, 'fixed')),
      usd(now),
      usd(p10),
      usd(p50),
      usd(p90),
      numberCell(samples, FORMATS.count, 'fixed'),
    ],
    header.map((text) => textCell(text, 'header')),
    ...rows.map(swingRow),
    ...regretRows(options),
    [],
  ];
}

/** How sure it is that hosting saves money at the asked volume, what moves that most, and where it turns; null where it was not sampled. */
export function sensitivitySheet(answer: BreakEvenAnswer): WorkbookSheet | null {
  if (answer.sensitivity.length === 0) return null;
  const nameOf = namesOf(answer);
  return {
    name: 'Sensitivity',
    widths: [36, 18, 18, 18, 18, 18, 18, 18, 18],
    frozenRows: 2,
    rows: [
      [textCell('How sure, what moves it most, and what would turn it', 'title')],
      [
        textCell(
          'Sampled by kplan over the bands of prices, capacity and prefix reuse, at the asked volume. These numbers do not follow changed inputs: ask kplan again with --sensitivity. “Turns at” is the value at which nothing is saved, with all else at its middle.',
          'muted',
          { spread: 9 },
        ),
      ],
      ...answer.sensitivity.flatMap((pair) => pairRows(pair, nameOf)),
    ],
  };
}
