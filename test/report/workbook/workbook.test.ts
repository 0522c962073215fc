import { readXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { zipEntries } from '../../../src/importers/offers/zipArchive.ts';
import { type BreakEvenQuery, breakEven } from '../../../src/plan/breakEven/breakEven.ts';
import { breakEvenWorkbook } from '../../../src/report/workbook/answerWorkbook.ts';
import { cashFlowMonths } from '../../../src/report/workbook/cashFlowCase.ts';
import { followedOf } from '../../../src/report/workbook/followed.ts';
import { cellReference, columnName, formulaCell, numberCell, textCell, type Workbook } from '../../../src/report/workbook/workbook.ts';
import { isMarkedWorkbook } from '../../../src/report/workbook/workbookMark.ts';
import { writeWorkbook } from '../../../src/report/workbook/writeWorkbook.ts';
import { editedWorkbook, workbookFormulas, workbookValues } from '../../support/workbookFiles.ts';

const QUERY: BreakEvenQuery = {
  gpu: ['h200'],
  workload: 'kimi-chat',
  tokensPerMonth: 60e9,
  purchases: ['on-demand', 'owned'],
  months: 12,
  demandTrend: 'ramp 3 months',
  depreciation: 'us-macrs-5',
  taxRate: 0.25,
};
const answer = breakEven({ ...QUERY, terms: true }, loadCatalog());
const bytes = await writeWorkbook(await breakEvenWorkbook(answer));

const HOSTILE = ['=1+1', '+1', '-1', '@SUM(1)', '\t=1+1', '\r=1+1', '＝1+1', ' =1+1', '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"];

function book(rows: Workbook['sheets'][number]['rows']): Workbook {
  return { schema: 'kplan/breakeven@1', title: '=1+1', asOf: '2026-11-22', sheets: [{ name: 'A', widths: [10], rows, frozenRows: 0 }] };
}

describe('breakEvenWorkbook', () => {
  it('has its sheets in the order in which they are read', async () => {
    const { sheets } = await readXlsx(bytes);
    expect(sheets.map(({ name }) => name)).toEqual([
      'Summary',
      'Inputs',
      'Derivation',
      'Cash flow 1',
      'Cash flow 2',
      'Cash flow 3',
      'Cash flow 4',
      'Sensitivity',
      'Assumptions',
      'Sources',
    ]);
    expect(sheets.slice(1, 3).map(({ freezePane }) => freezePane)).toEqual([
      { rows: 3, columns: 1 },
      { rows: 3, columns: 1 },
    ]);
  });

  it('shows every term once: inputs and lookups as numbers, formulas live, roots and samples as numbers that say so', async () => {
    const [values, formulas] = await Promise.all([workbookValues(bytes), workbookFormulas(bytes)]);
    for (const term of answer.terms) {
      const sheet = term.kind === 'input' || term.kind === 'lookup' ? 'Inputs' : 'Derivation';
      const cells = [...(values.get(sheet) ?? [])].filter(([name, value]) => name.startsWith('I') && value === term.id);
      expect(cells.length, term.id).toBe(1);
      const row = cells[0]?.[0].slice(1);
      expect(values.get(sheet)?.get(`B${row}`), term.id).toBe(term.value);
      expect(formulas.get(sheet)?.has(`B${row}`), term.id).toBe(term.kind === 'formula');
      if (term.kind === 'solved' || term.kind === 'sampled') expect(values.get(sheet)?.get(`H${row}`)).toMatch(/does not follow/);
    }
  });

  it('has each number of the months to come once, and the cash flows read it there', async () => {
    const inputs = (await workbookValues(bytes)).get('Inputs') ?? new Map();
    const cells = [...inputs].filter(([name, value]) => name.startsWith('I') && String(value).startsWith('time_'));
    expect(cells.length).toBeGreaterThan(5);
    const formulas = await workbookFormulas(bytes);
    const read = [...(formulas.get('Cash flow 1')?.values() ?? [])].map(({ formula }) => formula);
    for (const [name, id] of cells) expect(read, String(id)).toContain(`Inputs!$B$${name.slice(1)}`);
  });

  it('says the source of an input in its note', async () => {
    const { sheets } = await readXlsx(bytes);
    const notes = [...(sheets[1]?.cells?.values() ?? [])].flatMap(({ comment }) => comment?.text ?? []);
    expect(notes.some((note) => /configiq/i.test(note))).toBe(true);
  });

  it('says the answer, the warnings, what was left out and the age of the facts on its first sheet', async () => {
    const summary = [...((await workbookValues(bytes)).get('Summary')?.values() ?? [])]
      .filter((value) => typeof value === 'string')
      .join('\n');
    for (const text of [answer.answer, 'Facts as of', 'Warnings', 'Left out', 'All inputs are as kplan had them', 'Over 12 months from'])
      expect(summary).toContain(text);
  });

  it('is the same file each time', async () => {
    const again = await writeWorkbook(await breakEvenWorkbook(answer));
    expect(Buffer.compare(Buffer.from(again), Buffer.from(bytes))).toBe(0);
  });
});

describe('the cash flow of a workbook', () => {
  it('is that of the answer', () => {
    const { time } = answer;
    if (!time) throw new Error('no cash flow');
    for (const flow of answer.cashFlows) {
      const months = cashFlowMonths({
        title: '',
        firstMonth: time.firstMonth,
        plan: flow.plan,
        costOfCapital: time.discount,
        waitMonths: 0,
        tax: time.tax,
      });
      for (const [place, row] of flow.rows.entries()) {
        const month = months[place];
        expect(month?.taxedHostUsd).toBeCloseTo(row.hostUsd, 6);
        expect(month?.taxedApiUsd).toBeCloseTo(row.apiUsd, 6);
        expect(month?.cumulativeUsd).toBeCloseTo(row.cumulativeUsd, 6);
        if (place > 0) expect(months[place - 1]?.inUse).toBe(row.instances);
      }
      expect(months.at(-1)?.taxedEndUsd).toBeCloseTo(flow.endUsd, 6);
      expect(months.reduce((sum, { savedUsd }) => sum + savedUsd, 0)).toBeCloseTo(flow.totalApiUsd - flow.totalHostUsd, 4);
    }
  });
});

describe('writeWorkbook', () => {
  it.each(HOSTILE)('writes %j as text that is no formula, here and in a CSV made of it', async (text) => {
    const hostile = await writeWorkbook(book([[textCell(text, 'text', { note: text })]]));
    const sheet = zipEntries(hostile, 'x').find(({ name }) => name === 'xl/worksheets/sheet1.xml');
    expect(Buffer.from(sheet?.bytes ?? []).toString()).not.toContain('<f>');
    const value = (await workbookValues(hostile)).get('A')?.get('A1');
    expect(value).toBe(`'${text.trim()}`);
  });

  it('keeps numbers numbers, also below 0', async () => {
    const cells = [numberCell(-5.25, '0.00', 'fixed'), formulaCell('A1*2', -10.5, '0.00'), textCell('plain')];
    const values = (await workbookValues(await writeWorkbook(book([cells])))).get('A');
    expect([values?.get('A1'), values?.get('B1'), values?.get('C1')]).toEqual([-5.25, -10.5, 'plain']);
    expect(numberCell(Number.POSITIVE_INFINITY, '0', 'fixed')).toEqual(textCell('unbounded', 'muted'));
  });

  it('keeps what spreadsheets would decode, and drops control characters', async () => {
    const xml = async (text: string) => {
      const file = zipEntries(await writeWorkbook(book([[textCell(text)]])), 'x').find(({ name }) => name === 'xl/sharedStrings.xml');
      return Buffer.from(file?.bytes ?? []).toString();
    };
    expect(await xml('a_x0041_b')).toContain('a_x005F_x0041_b');
    expect(await xml('a\u001b[31mb<&>')).toContain('a [31mb&lt;&amp;&gt;');
  });
});

describe('isMarkedWorkbook', () => {
  it('knows a workbook of kplan, and none that another program has saved', () => {
    expect(isMarkedWorkbook(bytes)).toBe(true);
    expect(isMarkedWorkbook(editedWorkbook(bytes))).toBe(true);
    const saved = Buffer.from(editedWorkbook(bytes).toString('latin1').replace('>hucre<', '>Excel<'), 'latin1');
    expect(isMarkedWorkbook(saved)).toBe(false);
    expect(isMarkedWorkbook(Buffer.from('PK\u0003\u0004 broken'))).toBe(false);
    expect(isMarkedWorkbook(Buffer.from('kplanSchema'))).toBe(false);
  });
});

describe('parts', () => {
  it('name columns and cells', () => {
    expect([0, 25, 26, 27, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'AB', 'ZZ', 'AAA']);
    expect(cellReference("it's", 0, 2)).toBe("'it''s'!$C$1");
  });

  it('say how far inputs are followed', () => {
    const codes = new Map(answer.terms.map((term) => [term.id, followedOf(term, answer.terms).code]));
    expect(codes.get('tokensPerMonth')).toBe('yes');
    expect(codes.get('h200_sxm_owned_capexUsd')).toBe('yes');
    expect(codes.get('inputTokens')).toBe('in-part');
    expect(codes.get('experts')).toBe('no');
    expect(codes.get('monthsPerYear')).toBe('constant');
  });
});
