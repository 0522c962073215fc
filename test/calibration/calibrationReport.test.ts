import { describe, expect, it } from 'vitest';
import { calibrationCurves } from '../../src/calibration/fit/calibrationCurves.ts';
import { worstCaseOf } from '../../src/calibration/ladder/worstCase.ts';
import { NOTHING_SAID } from '../../src/calibration/probe/endpointFacts.ts';
import type { CalibrateAnswer } from '../../src/calibration/run/answer.ts';
import { loadCatalog } from '../../src/catalog/index.ts';
import { calibrateReport } from '../../src/report/calibrateReport.ts';
import { calibrationReport } from '../../src/report/calibrationReport.ts';
import { calibrationChart } from '../../src/report/charts/calibrationChart.ts';
import { renderSvg } from '../../src/report/charts/chart.ts';
import { Random } from '../../src/serving/simulation/random.ts';
import { DEPLOYMENT, simulatedCalibration } from '../support/endpointCalibrations.ts';
import { drawnEndpoint } from '../support/simulatedEndpoint.ts';

const catalog = loadCatalog();
const endpoint = drawnEndpoint(new Random(3), 0.2, { step: 0.02, request: 0.05 });
const made = simulatedCalibration(endpoint);

describe('the report of a calibration', () => {
  it('shows what it changes, its points, its fit and what it holds for', () => {
    const { schema, blocks } = calibrationReport(made);
    expect(schema).toBe('kplan/calibration@2');
    expect(blocks[0]).toMatchObject({ kind: 'answer', text: expect.stringContaining('times the shipped model') });
    expect(blocks.flatMap((block) => (block.kind === 'table' ? block.table.rows : []))).toHaveLength(15);
    const items = blocks.flatMap((block) => (block.kind === 'list' ? block.items : [])).join('\n');
    expect(items).toContain('k2 at gpu7.example by the openai protocol');
    expect(items).toContain('the KV cache holds 560,000 tokens; kplan says 550,000 (500,000 to 600,000)');
    expect(items).toMatch(/TPOT: launch ×[\d.]+, weights ×/);
    expect(items).toMatch(/\d+ of 15 points left out of the fit lie in its band/);
  });

  it('lists what is flagged, by ids that the table of points has', () => {
    const { blocks } = calibrationReport(simulatedCalibration(endpoint, { deployment: { ...DEPLOYMENT, gpu: 'secret-9' } }));
    const ids = blocks.flatMap((block) => (block.kind === 'table' ? block.table.rows.map(({ cells }) => cells[0]) : []));
    expect(ids).toHaveLength(15);
    const flagged = blocks.at(-1);
    if (flagged?.kind !== 'list') throw new Error('the last block is a list');
    expect(flagged.title).toBe('Flagged, and not used');
    for (const item of flagged.items) expect(ids).toContain(item.split(': ')[0]);
  });
});

describe('the answer of a run', () => {
  it('tells a note once, although the calibration has it too', () => {
    const calibration = simulatedCalibration(endpoint, { conditions: { notes: ['it serves k2, not k3'] } });
    const answer: CalibrateAnswer = {
      schema: 'kplan/calibrate@1',
      answer: 'k2 answered.',
      endpoint: 'http://gpu7.example',
      servedModel: 'k2',
      facts: NOTHING_SAID,
      worstCase: worstCaseOf([], null),
      requests: { sent: 1, answered: 1, failed: {}, said: {} },
      spentUsd: null,
      billed: [],
      bill: null,
      limits: { stated: [], refused: null },
      stopped: null,
      client: { lagMs: 0, lateMs: 0, limited: false },
      server: [],
      preemptions: null,
      calibration,
      notes: ['it serves k2, not k3', 'shape long is left out'],
      warnings: [],
    };
    const { blocks } = calibrateReport(answer, { calibration: 'c.json', records: 'r.jsonl' });
    const items = blocks.flatMap((block) => (block.kind === 'list' ? block.items : []));
    expect(items.filter((item) => /it serves k2, not k3/i.test(item))).toHaveLength(1);
    expect(items).toContain('Shape long is left out.');
  });
});

describe('the chart of a calibration', () => {
  const curves = calibrationCurves(made, catalog);

  it('has the points of each shape, and the model between and beyond them', () => {
    expect(curves.map(({ shape, points }) => [shape, points.length])).toEqual([
      ['short', 7],
      ['reused', 4],
      ['long', 4],
    ]);
    for (const { model, points } of curves) {
      expect(model.at(-1)?.concurrency).toBe(128);
      expect(model.every(({ tpotMs }) => tpotMs.low < tpotMs.value && tpotMs.value < tpotMs.high)).toBe(true);
      const inside = points.filter(({ concurrency, tpotMs }) => {
        const band = model.find((at) => Math.abs(at.concurrency / concurrency - 1) < 1e-9)?.tpotMs;
        return band !== undefined && tpotMs !== null && band.low <= tpotMs.median && tpotMs.median <= band.high;
      });
      expect(inside.length).toBeGreaterThan(points.length / 2);
    }
  });

  it('names what was measured, on what and when, and the finding', () => {
    const { title } = calibrationChart(made, curves) as unknown as { title: { text: string[]; subtitle: string[] } };
    expect(title.text.join(' ')).toMatch(/^TPOT \d\.\d\d times the shipped model at 16 in flight; [\d,]+ tokens\/s at [\d.]+$/);
    expect(title.subtitle[0]).toBe('kimi-k2.7-code int4 · 8× h200-sxm, TP8 · vllm 0.16.0 · 2026-04-22');
    const unknown = simulatedCalibration(endpoint, { deployment: null });
    const paid = calibrationChart(unknown, calibrationCurves(unknown, catalog)) as unknown as typeof calibrationChart & {
      title: typeof title;
    };
    expect(paid.title.text.join(' ')).toMatch(/^A token takes [\d.]+ ms alone; up to [\d,]+ tokens\/s at [\d.]+ in flight$/);
    expect(paid.title.subtitle[0]).toBe('k2 at gpu7.example · what runs there is not known · 2026-04-22');
  });

  it('is drawn without a doubt of Vega, with and without a fit', async () => {
    const svg = await renderSvg(calibrationChart(made, curves));
    for (const words of [
      'Wait for the first token (TTFT), milliseconds',
      '1,024/256, 75 % reused',
      'dashed: the shipped model',
      '>shipped<',
    ])
      expect(svg).toContain(words);
    expect(svg).not.toMatch(/NaN|undefined|hollow/);
    const unknown = simulatedCalibration(endpoint, { deployment: null });
    const paid = await renderSvg(calibrationChart(unknown, calibrationCurves(unknown, catalog)));
    expect(paid).not.toMatch(/NaN|undefined|fitted|shipped|hollow/);
  });

  it('draws the shipped model beside the fitted one', () => {
    for (const { shipped, points } of curves) {
      expect(shipped.map(({ concurrency }) => concurrency)).toEqual(points.map(({ concurrency }) => concurrency));
      expect(shipped.map(({ tpotMs }) => tpotMs)).toEqual(points.map((point) => point.shipped?.tpotMs.value));
      for (const { concurrency, outputTokensPerSecond } of shipped) expect(outputTokensPerSecond ?? 0).toBeGreaterThan(concurrency);
    }
  });

  it('draws flagged points hollow and names them, and of many says how many', async () => {
    const flagging = (ids: readonly string[]) => ({
      ...made,
      speed: { ...made.speed, points: made.speed.points.map((point) => ({ ...point, used: !ids.includes(point.id) })) },
    });
    const drawn = async (ids: readonly string[]) => {
      const calibration = flagging(ids);
      return renderSvg(calibrationChart(calibration, calibrationCurves(calibration, catalog)));
    };
    const some = await drawn(['4-short-c4', '5-reused-c4']);
    for (const words of ['>4-short-c4<', '>5-reused-c4<', 'hollow: flagged, not used (2)']) expect(some).toContain(words);
    expect(some).not.toContain('>8-short-c8<');
    const all = await drawn(made.speed.points.map(({ id }) => id));
    expect(all).toContain('All 15 points are flagged');
    expect(all).not.toContain('>4-short-c4<');
  });

  it('is refused where there is nothing to draw', () => {
    expect(() => calibrationChart(made, [])).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });
});
