import { describe, expect, it } from 'vitest';
import { csvTable } from '../../src/report/csvTable.ts';
import { widthOf } from '../../src/report/plainText.ts';
import { renderMarkdown, renderText } from '../../src/report/renderReport.ts';
import { runsInWords } from '../../src/report/runs.ts';
import { speedRankReport } from '../../src/report/speedRankReport.ts';
import { speedRankRawTable } from '../../src/report/speedRankTable.ts';
import { speedReport } from '../../src/report/speedReport.ts';
import { brief, chosenPoints, isDrawable, speedRawTable } from '../../src/report/speedTables.ts';
import { keepsTpot, methodInWords, tpotInWords } from '../../src/report/speedWords.ts';
import { b200Replica, h200Replica, noReplica, speedAnswer, speedRanking, twoReplicas } from '../support/speedAnswer.ts';

const flat = (text: string) => text.replace(/\s+/g, ' ');

describe('words and numbers of speed', () => {
  it('has three significant digits', () => {
    expect([0, 0.01234, 8.5678, 65, 99.96, 1234.5, 153_456].map(brief)).toEqual(['0', '0.0123', '8.57', '65', '100', '1,230', '153,000']);
  });

  it('tells neighbours as a range', () => {
    expect(runsInWords([1, 2, 4, 8, 16], (n) => n !== 4, String)).toBe('1 to 2, 8 to 16');
    expect(runsInWords([1, 2, 4], (n) => n === 2, String)).toBe('2');
    expect(runsInWords([1, 2], () => false, String)).toBe('');
  });

  it('leaves the concurrency out of a method', () => {
    const [first, , , fourth] = h200Replica.points;
    expect(first && methodInWords(first)).toBe('step-time model, TP8: this layout was measured at other loads');
    expect(fourth && flat(methodInWords(fourth))).toBe(
      'measured curve at 8192/1024 tokens (vllm 0.16.0, 8 GPUs, 2026-03-27); 80 % band -20 % to +25 %',
    );
  });

  it('says up to where a time per token is kept', () => {
    expect(tpotInWords(h200Replica, 50)).toBe('50 ms per token are kept up to 48 in flight and passed before 64.');
    expect(tpotInWords(h200Replica, 500)).toBe('500 ms per token are kept up to 256 in flight.');
    expect(tpotInWords(h200Replica, 1)).toBe('1 ms per token are not kept, even at 1 in flight.');
    expect([50, 1, null].map((most) => keepsTpot(h200Replica, most))).toEqual([true, false, true]);
  });
});

describe('speedReport', () => {
  const text = renderText(speedReport(speedAnswer), { width: 130 });

  it('begins with the answer and the question, and ends with sources and ages', () => {
    expect(text).toMatch(/^8× H200 SXM 141GB puts out 1,190 tokens per second\.\n\nAsked: model kimi-k2\.7-code · gpu h200-sxm:8 · /);
    expect(text).toContain('• No speculative decoding.');
    expect(text).toContain('• RTX 4090: weights of 73.41 GiB exceed the budget.');
    expect(text).toContain('Facts as of 2026-11-22; oldest measurement 2026-03-27.');
  });

  it('shows powers of two, the knee, the limit and both ends, with bands, queued ones marked', () => {
    expect(chosenPoints(h200Replica).map(({ concurrency }) => concurrency)).toEqual([1, 2, 4, 8, 10, 16, 32, 64, 90, 128, 256]);
    expect(chosenPoints({ ...h200Replica, points: h200Replica.points.slice(0, 4) })).toHaveLength(4);
    expect(flat(renderText(speedReport(speedAnswer), { width: 200 }))).toContain(' 8 600 (480 to 750) 14 (11.2 to 17.5) 571 (457 to 714) ');
    expect(text).toMatch(/^ +90 .* modelled$/m);
    expect(text).toMatch(/^ +128 .* modelled,$/m);
    expect(text.match(/ queued$/gm)).toHaveLength(2);
  });

  it('tells the knee, the limit and what a queue is', () => {
    expect(flat(text)).toContain(
      'The knee is at 10 in flight: beyond it output grows by less than half as fast as concurrency. The KV cache is full at 90 in flight; beyond that requests are queued; the KV cache holds 786,000 (770,000 to 808,000) tokens.',
    );
    const other = flat(renderText(speedReport({ ...speedAnswer, replicas: [b200Replica] }), { width: 130 }));
    expect(other).toContain(
      'Output keeps growing with concurrency up to the limit. The engine admits 128 in flight (max-num-seqs); the KV',
    );
  });

  it('tells each method once with its concurrencies, by replica where there are several', () => {
    expect(flat(text)).toContain('• 1 to 2, 90 to 256 in flight: step-time model, TP8: this layout');
    expect(flat(text)).toContain('• 4 to 64 in flight: measured curve at 8192/1024 tokens');
    expect(text.match(/measured curve/g)).toHaveLength(1);
    expect(flat(renderText(speedReport(twoReplicas), { width: 130 }))).toContain('• 8× B200 SXM, TP8, 4 to 64 in flight: measured curve');
  });

  it('tells where the asked time per token is passed', () => {
    const asked = { ...speedAnswer, query: { ...speedAnswer.query, maxTpotMs: 30 } };
    expect(flat(renderText(speedReport(asked), { width: 130 }))).toContain(
      '30 ms per token are kept up to 16 in flight and passed before 32.',
    );
  });

  it('of many replicas: the first four in full', () => {
    const many = { ...speedAnswer, replicas: Array.from({ length: 6 }, (_, n) => ({ ...h200Replica, gpuName: `G${n}` })) };
    const words = renderText(speedReport(many), { width: 130 });
    expect(words.match(/: bands hold 80 % of cases/g)).toHaveLength(4);
    expect(words).toContain('Not shown: 8× G4, TP8; 8× G5, TP8; --json and --csv have all replicas.');
  });

  it('says the answer and the refusals where there is no replica', () => {
    expect(renderText(speedReport(noReplica), { width: 130 })).toMatch(/^Nothing serves this\.\n[\s\S]*Nothing can be said of\n/);
    expect(isDrawable({ ...h200Replica, points: h200Replica.points.slice(0, 1) })).toBe(false);
  });

  it('is no wider than the terminal, and Markdown with its mark', () => {
    for (const width of [60, 80, 120]) {
      for (const line of renderText(speedReport(twoReplicas), { width }).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }
    expect(renderMarkdown(speedReport(speedAnswer))).toMatch(/^<!-- written by kplan: kplan\/speed@1 -->/);
  });

  it('is one CSV row for each point, bands as three columns', () => {
    const lines = csvTable(speedRawTable(twoReplicas), speedAnswer.schema).trim().split('\r\n');
    expect(lines[0]).toMatch(
      /^kplanSchema,replica,gpu,gpus,engine,engineVersion,format,layout,concurrency,ttftMsLow,ttftMs,ttftMsHigh,tpotMsLow,/,
    );
    expect(lines).toHaveLength(1 + h200Replica.points.length + b200Replica.points.length);
    expect(lines[1]).toMatch(/^kplan\/speed@1,h200-sxm\/tp8,h200-sxm,8,vllm,0\.25\.0,int4,TP8,1,340,425,531\.25,7,8\.75,10\.9375,/);
    expect(lines.filter((line) => line.includes(',yes,'))).toHaveLength(2);
  });
});

describe('speedRankReport', () => {
  const text = renderText(speedRankReport(speedRanking), { width: 130 });

  it('numbers the replicas, with prices where there are offers', () => {
    expect(text).toContain('Cheapest output within 50 ms per token first; without an offer by output per GPU');
    expect(text).toMatch(/^ +1 +H200 SXM 141GB +TP8 +8 +48 +44 .* \$12\.00/m);
    expect(text).toMatch(/^ +3 +B200 SXM +TP8 +8 +90 .*no dated/m);
  });

  it('tells each method once with its ranks', () => {
    expect(text).toContain('• Rank 1 to 2: measured curve');
    expect(text).toContain('• Rank 3: step-time model');
  });

  it('shows the best twenty and says how many there are besides', () => {
    const [first] = speedRanking.ranked;
    const many = { ...speedRanking, maxTpotMs: null, ranked: Array.from({ length: 23 }, () => first).flatMap((one) => one ?? []) };
    const words = renderText(speedRankReport(many), { width: 130 });
    expect(words).toContain('Only the best 20 are shown; --json and --csv have 3 more.');
    expect(words).toContain('Cheapest output first; without an offer');
    expect(csvTable(speedRankRawTable(many), many.schema).trim().split('\r\n')).toHaveLength(24);
  });

  it('has empty cells in CSV where no offer is known', () => {
    const lines = csvTable(speedRankRawTable(speedRanking), speedRanking.schema).trim().split('\r\n');
    expect(lines[0]).toContain(',usdPerGpuHourLow,usdPerGpuHour,usdPerGpuHourHigh,usdPerMtokOutputLow,');
    expect(lines[3]).toMatch(/^kplan\/speed-rank@1,3,b200-sxm\/tp8,.*,,,,,,,modelled,/);
  });
});
