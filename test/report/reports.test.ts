import { describe, expect, it } from 'vitest';
import type { FitAnswer } from '../../src/plan/fit/fitAnswer.ts';
import { breakEvenReport } from '../../src/report/breakEvenReport.ts';
import { monthlyRawTable } from '../../src/report/breakEvenTables.ts';
import { csvTable } from '../../src/report/csvTable.ts';
import { explainReport } from '../../src/report/explainReport.ts';
import { fitReport } from '../../src/report/fitReport.ts';
import { fitRawTable } from '../../src/report/fitTable.ts';
import { isMarked } from '../../src/report/mark.ts';
import { widthOf } from '../../src/report/plainText.ts';
import { renderMarkdown, renderText, renderTextFile } from '../../src/report/renderReport.ts';
import { breakEvenAnswer, idleAnswer, manyAnswer, neverAnswer, openAnswer, unmeasuredAnswer } from '../support/breakEvenAnswer.ts';
import { contextAnswer, fitAnswer } from '../support/fitAnswer.ts';

const WIDE = { width: 120 };

/** The fit answer for several GPU types. */
function manyGpus(count: number): FitAnswer {
  const gpus = Array.from({ length: count }, (_, index) => `gpu-${index}`);
  const results = gpus.flatMap((gpu) => fitAnswer.results.map((row) => ({ ...row, gpu, gpuName: gpu.toUpperCase() })));
  return { ...fitAnswer, query: { ...fitAnswer.query, gpu: Array.from({ length: 3 * count }, () => 'x') }, results };
}

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

  it('of many GPU types: where the answer turns, in one table, notes of one rule once', () => {
    const many = manyGpus(6);
    const words = renderText(fitReport(many), { width: 160 });
    expect(words.match(/^GPU-\d +8 /gm)).toHaveLength(6);
    expect(words.match(/^GPU-\d +16 /gm)).toHaveLength(6);
    expect(words).toContain('Not shown are 6 more layouts (invalid: 6): --all shows every layout.');
    expect(words).toContain('· gpu 18 types ·');
    expect(words.match(/Marlin kernels/g)).toHaveLength(1);
    expect(words).not.toContain('What would help');
    expect(renderText(fitReport(many, { all: true }), WIDE).match(/^Layouts on/gm)).toHaveLength(6);
    expect(renderText(fitReport(manyGpus(3)), WIDE).match(/^Layouts on/gm)).toHaveLength(3);
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

  it('says verdicts as sentences, and what would help', () => {
    expect(text).toContain('8× H200 SXM 141GB, TP8 breaks even with moonshotai (list price): Own GPUs are cheaper for good from 139B');
    const open = renderText(breakEvenReport(openAnswer), { width: 400 });
    expect(open).toContain('8× H200 SXM 141GB, TP8 against deepinfra (cheapest host) is open: 42 % likely to break even; one instance');
    expect(open).toContain('fits on it. Likelier with DCP 8 (--dcp 8): cheaper from 62.9B tokens a month.');
    const never = renderText(breakEvenReport(neverAnswer), { width: 400 });
    expect(never).toContain(
      '• 8× H200 SXM 141GB, TP8 never breaks even with moonshotai (list price) and deepinfra (cheapest host): a full replica costs $0.58 per Mtok.',
    );
    expect(renderText(breakEvenReport(unmeasuredAnswer), WIDE)).toContain('8× MI300X, TP8 cannot be judged: no curve for int4 on MI300X.');
    expect(renderText(breakEvenReport(idleAnswer), WIDE)).toContain('cannot break even with');
  });

  it('has a heading for what is counted and one for what is not', () => {
    const assumptions = [
      { code: 'counted-idle', text: 'Counted: idle hours; instances are paid around the clock.', source: 'kplan' },
      { code: 'hours', text: '730 hours in a month.', source: 'user' },
      { code: 'fraction', text: 'memory fraction 0.92', source: 'engines/vllm#fraction' },
      ...breakEvenAnswer.assumptions,
    ];
    const words = renderText(breakEvenReport({ ...breakEvenAnswer, assumptions }), WIDE);
    expect(words).toContain('\nCounted\n  • Idle hours; instances are paid around the clock.\n\nNot counted\n');
    expect(words).toContain('• 730 hours in a month (as asked).\n  • Memory fraction 0.92. [engines/vllm#fraction]');
  });

  it('gives the speed and the reuse of a replica with their bands', () => {
    const wide = renderText(breakEvenReport(breakEvenAnswer), { width: 250 });
    expect(wide).toContain('59.7 (47.8 to 74.6)');
    expect(wide).toContain('37 % (32 % to 37 %)');
  });

  it('says that a crossing between two steps has no band', () => {
    const crossings = breakEvenAnswer.crossings.map((one) => ({
      ...one,
      tokensPerMonth: { low: null, value: one.tokensPerMonth.value, high: null, code: 'only-with-these-steps' },
    }));
    expect(renderText(breakEvenReport({ ...breakEvenAnswer, crossings }), { width: 160 })).toContain('34.7B (with these steps)');
  });

  it('of many GPU types: the best three in full, the rest by name', () => {
    const many = renderText(breakEvenReport(manyAnswer), WIDE);
    expect(many.split('\n').length).toBeLessThan(200);
    expect(many).toContain('• Nothing is measured on G6, G7 and G8 (there are measurements in mxfp4); --tokens-per-second states a speed.');
    expect(many).toContain('• No price is known of g9, g10, g11 and g12.');
    expect(many.match(/• The model does not fit on g1[34]: /g)).toHaveLength(2);
    expect(many.match(/^First and last break-even volumes/gm)).toHaveLength(3);
    expect(many.match(/^Both sides by month/gm)).toHaveLength(3);
    expect(many).toContain('Only the best 3 fleets are told in full; --json and --csv have 2 more.');
    expect(many).toContain('• The capacity of G1, G2, G3, G4, G5 is modelled, not measured.');
    expect(many.match(/Price of g\d/g)).toEqual(['Price of g1', 'Price of g2', 'Price of g3']);
    expect(many).toMatch(/Sources with their dates; --json has the address and the note of each\n {2}• gpus: g0#spec 2026-01, /);
    expect(many).not.toContain('a data sheet');
  });

  it.each([neverAnswer, unmeasuredAnswer, openAnswer, idleAnswer, manyAnswer])(
    'has no empty table and no number that is not one',
    (answer) => {
      const report = breakEvenReport(answer, { ids: (term) => `breakeven/-/${term}` });
      expect(renderText(report, WIDE)).not.toMatch(/NaN|Infinity|undefined|null/);
      expect(report.blocks.every((block) => block.kind !== 'table' || block.table.rows.length > 0)).toBe(true);
    },
  );

  it('gives the monthly rows as CSV', () => {
    expect(csvTable(monthlyRawTable(breakEvenAnswer), breakEvenAnswer.schema)).toContain(
      '\r\nkplan/breakeven@1,h200-sxm/vllm/tp8,45500000000,',
    );
  });
});

describe('text', () => {
  const reports = [
    fitReport(fitAnswer, { rules: true }),
    fitReport(contextAnswer),
    fitReport(manyGpus(6)),
    ...[breakEvenAnswer, neverAnswer, unmeasuredAnswer, openAnswer, idleAnswer, manyAnswer].map((answer) => breakEvenReport(answer)),
  ];

  it.each([80, 81, 90, 100, 120, 160, 250])('fits into %i columns', (width) => {
    for (const report of reports) {
      for (const line of renderText(report, { width }).split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(width);
    }
  });

  it('never cuts an id', () => {
    const id = `fit/${'a'.repeat(90)}/weights`;
    expect(renderText(fitReport(fitAnswer, { ids: () => id }), { width: 80 })).toContain(`• ${id}\n  what: weights on one GPU · value: `);
  });

  it('never prints a negative zero', () => {
    const results = fitAnswer.results.map((row) =>
      row.kvMemoryBytesPerGpu === null ? row : { ...row, kvMemoryBytesPerGpu: { ...row.kvMemoryBytesPerGpu, high: -20_000_000 } },
    );
    const words = renderText(fitReport({ ...fitAnswer, results }), WIDE);
    expect(words).toContain(' to 0.0)');
    expect(words).not.toMatch(/-0\.0\b(?!\d)/);
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
  • usd_per_instance_month, one instance, all hours: $26,280.00/month ($20,440 to $36,792)
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

  it('says where a band has no end', () => {
    const term = { kind: 'input', id: 'a', label: 'a', unit: 'token/month', value: 34e9, source: 'user' } as const;
    const text = (ends: object) => {
      const report = explainReport({ terms: [{ ...term, ...ends }], sources: {} }, 'a');
      return report && renderText(report, WIDE).split('\n')[0];
    };
    expect(text({})).toBe('• a, a: 34B tokens/month');
    expect(text({ low: 27e9 })).toBe('• a, a: 34B tokens/month (27B to no upper end)');
    expect(text({ high: 40e9 })).toBe('• a, a: 34B tokens/month (no lower end to 40B)');
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
