import { describe, expect, it } from 'vitest';
import { calibrationCurves } from '../../src/calibration/fit/calibrationCurves.ts';
import { loadCatalog } from '../../src/catalog/index.ts';
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

  it('lists what is flagged', () => {
    const { blocks } = calibrationReport(simulatedCalibration(endpoint, { deployment: { ...DEPLOYMENT, gpu: 'secret-9' } }));
    expect(blocks.at(-1)).toMatchObject({ kind: 'list', title: 'Flagged, and not used' });
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

  it('is drawn without a doubt of Vega, with and without a fit', async () => {
    const svg = await renderSvg(calibrationChart(made, curves));
    expect(svg).toContain('Wait for the first token (TTFT), ms');
    expect(svg).toContain('short: 1,024/256, reuse 0 %');
    expect(svg).not.toMatch(/NaN|undefined/);
    const unknown = simulatedCalibration(endpoint, { deployment: null });
    expect(await renderSvg(calibrationChart(unknown, calibrationCurves(unknown, catalog)))).not.toContain('the fitted model');
  });

  it('is refused where there is nothing to draw', () => {
    expect(() => calibrationChart(made, [])).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });
});
