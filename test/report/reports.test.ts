import { describe, expect, it } from 'vitest';
import { breakEvenReport } from '../../src/report/breakEvenReport.ts';
import { monthlyRawTable } from '../../src/report/breakEvenTables.ts';
import { csvTable } from '../../src/report/csvTable.ts';
import { explainReport } from '../../src/report/explainReport.ts';
import { fitReport } from '../../src/report/fitReport.ts';
import { fitRawTable } from '../../src/report/fitTable.ts';
import { isMarked } from '../../src/report/mark.ts';
import { renderMarkdown, renderText, renderTextFile } from '../../src/report/renderReport.ts';
import { breakEvenAnswer, neverAnswer, unmeasuredAnswer } from '../support/breakEvenAnswer.ts';
import { contextAnswer, fitAnswer } from '../support/fitAnswer.ts';

const WIDE = { width: 120 };

describe('fitReport', () => {
  const text = renderText(fitReport(fitAnswer), WIDE);

  it('begins with the answer and names what binds, what would help, sources and dates', () => {
    expect(text.replace(/\s+/g, ' ')).toContain(fitAnswer.answer);
    expect(text).toMatch(/^Kimi-K2.7-Code does not fit on 8× A100/);
    expect(text).toContain('one sequence of 131,072 tokens needs 8.58 GiB of KV cache');
    expect(text).toContain('(--gpus 16 --pp 2)');
    expect(text).toContain('(2026-04-02, measured)');
    expect(text).toContain('Facts as of 2026-11-22.');
  });

  it('sums up what it leaves out, and shows it when asked', () => {
    expect(text).toContain('8× A100 80GB SXM, invalid: 1');
    expect(text).not.toContain('expert parallelism of 8');
    expect(renderText(fitReport(fitAnswer, { all: true }), WIDE)).toContain('expert parallelism of 8');
  });

  it('shows the ledger and the ids only when asked', () => {
    expect(text).not.toContain('tp-divides-heads');
    const long = renderText(fitReport(fitAnswer, { rules: true, ids: (row, term) => `fit/${row}/${term}` }), { width: 160 });
    expect(long).toContain('tp-divides-heads');
    expect(long).toContain('fit/a100-80-sxm/8/tp8/weights');
    expect(long).toContain('76,472,616,928 B = 71.22 GiB = 76.47 GB');
  });

  it('draws the context map as a matrix', () => {
    const map = renderText(fitReport(contextAnswer), WIDE);
    expect(map).toMatch(/TP8×PP2 +64k +14 \(13 to 16\) +invalid/);
    expect(map).toMatch(/TP8×PP2 +128k +7 \(6 to 8\) +invalid/);
  });

  it('gives unrounded numbers under the names of the JSON as CSV', () => {
    const csv = csvTable(fitRawTable(fitAnswer), fitAnswer.schema);
    expect(csv.split('\r\n')[0]).toContain(
      'weightBytesPerGpu,budgetBytesPerGpu,overheadBytesPerGpuLow,overheadBytesPerGpu,overheadBytesPerGpuHigh',
    );
    expect(csv).toContain(',76472616928,78174000000,1825361100,4724464025,8482560409,');
    expect(csvTable(fitRawTable(contextAnswer), 's').split('\r\n')).toHaveLength(6);
  });
});

describe('breakEvenReport', () => {
  const text = renderText(breakEvenReport(breakEvenAnswer), WIDE);

  it('tells both sides, all crossings and the evidence', () => {
    expect(text).toMatch(/^On 8× H200 self-hosting/);
    expect(text.match(/own GPUs, for/g)).toHaveLength(2);
    expect(text).toContain('(27.1B to 48.6B)');
    expect(text).toContain('Not counted\n  • People, network and storage are not counted');
    expect(text).toContain('oldest measurement 2026-03-02');
  });

  it.each([neverAnswer, unmeasuredAnswer])('has no empty table and no number that is not one', (answer) => {
    const report = breakEvenReport(answer, { ids: (term) => `breakeven/-/${term}` });
    expect(renderText(report, WIDE)).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(report.blocks.every((block) => block.kind !== 'table' || block.table.rows.length > 0)).toBe(true);
  });

  it('gives the monthly rows as CSV', () => {
    expect(csvTable(monthlyRawTable(breakEvenAnswer), breakEvenAnswer.schema)).toContain(
      '\r\nkplan/breakeven@1,h200-sxm/vllm/tp8,45500000000,',
    );
  });
});

describe('explainReport', () => {
  it('puts the numbers into the formula and walks down to sources with dates', () => {
    const report = explainReport(breakEvenAnswer, 'break_even');
    expect(report && renderText(report, WIDE)).toBe(`• break_even, first volume of equal cost: 34.7B tokens/month (27B to 48.5B)
  • solved: division on the first step
  • 0 = break_even * usd_per_mtok / 1e6 - usd_per_instance_month
  • 0 ≈ 34,670,000,000 * 0.758 / 1e6 - 26,280
  • usd_per_mtok, list price of all tokens: $0.76/Mtoken
    • source: pydantic/genai-prices prices/new_data/v2/data.json @0.1.8 (2026-09-23, quoted)
  • usd_per_instance_month, one instance, all hours: $26,280/month ($20,440 to $36,792)
    • = usd_per_gpu_hour * gpus_per_instance * hours_per_month
    • = 4.5 * 8 * 730
    • usd_per_gpu_hour, price of one GPU: $4.50/GPU/hour ($3.50 to $6.30)
      • source: 14 on-demand offers of 9 providers (2026-09-20, quoted)
    • gpus_per_instance, GPUs of one instance: 8 GPU/instance
      • source: NVIDIA H200 datasheet (2024-11, spec)
    • hours_per_month, average hours of a month: 730 hour/month
      • as asked
`);
  });

  it('knows every kind of term and no other id', () => {
    for (const { id } of breakEvenAnswer.terms) expect(explainReport(breakEvenAnswer, id)).not.toBeNull();
    expect(explainReport(breakEvenAnswer, 'nothing')).toBeNull();
  });

  it('ends on terms that lean on each other', () => {
    const a = { kind: 'formula', id: 'a', label: 'a', unit: '', value: 1, formula: 'b' } as const;
    const b = { ...a, id: 'b', formula: 'a' };
    const report = explainReport({ terms: [a, b], sources: {} }, 'a');
    expect(report && renderText(report, WIDE)).toContain('a, as above');
  });
});

describe('marks', () => {
  it('are in every text that goes to a file', () => {
    const report = fitReport(fitAnswer);
    expect(isMarked(renderMarkdown(report))).toBe(true);
    expect(isMarked(renderTextFile(report, 100))).toBe(true);
    expect(isMarked(JSON.stringify(fitAnswer))).toBe(true);
    expect(isMarked(JSON.stringify(breakEvenAnswer, null, 2))).toBe(true);
    expect(isMarked('{"schema":"other@1"}')).toBe(false);
    expect(isMarked('<svg/>')).toBe(false);
  });
});
