import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';
import type { Sensitivity, SensitivityRow } from '../../plan/breakEven/sensitivityAnswer.ts';
import { namesOf } from '../breakEvenTables.ts';
import { SENSITIVITY_WORDS } from '../sensitivityTables.ts';
import { FORMATS } from './numberFormat.ts';
import { numberCell, type SheetRow, textCell, type WorkbookSheet } from './workbook.ts';

const FORMAT_OF: Readonly<Record<SensitivityRow['unit'], string>> = {
  'USD/month': FORMATS.usd,
  'tokens/s': FORMATS.count,
  'USD/Mtok': FORMATS.price,
  'tokens/month': FORMATS.tokens,
};

function swingRow(row: SensitivityRow): SheetRow {
  const { code, unit, now, low, high, savedAtLow, savedAtHigh, flipsAt, probabilityBeyond } = row;
  const amount = (value: number | null) => numberCell(value, FORMAT_OF[unit], 'fixed');
  const usd = (value: number | null) => numberCell(value, FORMATS.usd, 'fixed');
  return [
    textCell(SENSITIVITY_WORDS[code]),
    textCell(unit, 'muted'),
    amount(now),
    amount(low),
    amount(high),
    usd(savedAtLow),
    usd(savedAtHigh),
    amount(flipsAt) ?? textCell('nowhere', 'muted'),
    numberCell(probabilityBeyond, FORMATS.share, 'fixed'),
  ];
}

function pairRows(
  { offer, tariff, probability, samples, savedUsdPerMonth, rows }: Sensitivity,
  nameOf: (id: string) => string,
): SheetRow[] {
  const usd = (value: number) => numberCell(value, FORMATS.usd, 'fixed');
  const { now, p10, p50, p90 } = savedUsdPerMonth;
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
    ['', 'cheaper, likely', 'from', 'to', 'saved now', '10th percentile', '50th percentile', '90th percentile', 'samples'].map((text) =>
      textCell(text, 'header'),
    ),
    [
      textCell('hosting against the API, a month'),
      ...[probability.value, probability.low, probability.high].map((share) => numberCell(share, FORMATS.share, 'fixed')),
      usd(now),
      usd(p10),
      usd(p50),
      usd(p90),
      numberCell(samples, FORMATS.count, 'fixed'),
    ],
    header.map((text) => textCell(text, 'header')),
    ...rows.map(swingRow),
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
