import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/faults/fault.ts';
import type { SpeedAnswer } from '../../../src/plan/speed/speedAnswer.ts';
import { renderSvg, renderVegaLite, type VegaLiteSpec } from '../../../src/report/charts/chart.ts';
import { speedChart } from '../../../src/report/charts/speedChart.ts';
import { isMarked } from '../../../src/report/mark.ts';
import { b200Replica, h200Replica, noReplica, speedAnswer, twoReplicas } from '../../support/speedAnswer.ts';

interface DrawnLayer {
  readonly mark: { readonly type: string; readonly shape?: string; readonly strokeDash?: number[] };
  readonly data: { readonly values: readonly Record<string, unknown>[] };
}

function title({ title: words }: VegaLiteSpec): { text: string[]; subtitle: string[] } {
  return words as { text: string[]; subtitle: string[] };
}

/** The layers with a mark of one of the two plots: output, then times. */
function layers({ hconcat }: VegaLiteSpec, plot: 0 | 1, mark: string): DrawnLayer[] {
  return (hconcat as { layer: DrawnLayer[] }[])[plot]?.layer.filter((layer) => layer.mark.type === mark) ?? [];
}

function texts(spec: VegaLiteSpec, plot: 0 | 1): unknown[] {
  return layers(spec, plot, 'text').flatMap(({ data }) => data.values.map(({ text }) => text));
}

describe('speedChart', () => {
  const spec = speedChart(speedAnswer);

  it('has the finding as title: what is written in all and for each user', () => {
    expect(title(spec).text.join(' ')).toBe(
      '8× H200 SXM 141GB write 1,190 (954 to 1,490) tokens a second for 90 users at once, 13.2 (10.6 to 16.6) for each',
    );
    const one = { ...h200Replica, points: h200Replica.points.slice(0, 2).map((point) => ({ ...point, queued: point.concurrency > 1 })) };
    expect(title(speedChart({ ...speedAnswer, replicas: [one] })).text.join(' ')).toMatch(/ tokens a second for one user$/);
    for (const line of title(spec).text) expect(line.length).toBeLessThanOrEqual(94);
  });

  it('of several names the one that writes most, whatever their order, and the next', () => {
    for (const replicas of [twoReplicas.replicas, [...twoReplicas.replicas].reverse()]) {
      expect(title(speedChart({ ...speedAnswer, replicas })).text.join(' ')).toMatch(
        /^8× B200 SXM write most: 1,850 \(1,480 to 2,310\) tokens a second for 128 users at once, .*; 1\.55 times as many as 8× H200 SXM 141GB$/,
      );
    }
  });

  it('tells the layouts where the GPUs are the same', () => {
    const other = { ...h200Replica, layout: { ...h200Replica.layout, tp: 4, pp: 2 } };
    const words = title(speedChart({ ...speedAnswer, replicas: [h200Replica, other] })).text.join(' ');
    expect(words).toMatch(/H200 SXM 141GB, TP8 write most.* 8× H200 SXM 141GB, TP4×PP2$/);
  });

  it('explains the marks that are there, and no others', () => {
    const legend = title(spec).subtitle.join(' ');
    expect(legend).toContain('8,192 input and 1,024 output tokens per request · 90 % of the input found in the KV cache');
    expect(legend).toContain('line: modelled at 1 to 3, 90 to 256, measured at 4 to 64 in flight · ● measured · knee: ');
    expect(legend).toContain('dashed: requests wait');
    expect(legend).not.toMatch(/[▲■]/);
    const alone = title(speedChart({ ...speedAnswer, replicas: [b200Replica] })).subtitle.join(' ');
    expect(alone).not.toMatch(/[●▲■]|knee|dashed/);
    expect(title(speedChart(twoReplicas)).subtitle.join(' ')).toContain(
      '▲ knee: more users mostly slow each other down · ■ no more is admitted',
    );
  });

  it('draws band and line in both plots, dashed beyond the limit, and measured points over the times', () => {
    for (const plot of [0, 1] as const) {
      expect(layers(spec, plot, 'area')).toHaveLength(1);
      const [solid, dashed] = layers(spec, plot, 'line');
      expect(solid?.data.values.at(-1)).toMatchObject({ concurrency: 90 });
      expect(dashed?.data.values.map(({ concurrency }) => concurrency)).toEqual([90, 128, 256]);
    }
    expect(layers(spec, 0, 'point')).toHaveLength(1);
    expect(layers(spec, 1, 'point').at(-1)?.data.values).toEqual(
      [4, 16, 64].map((n) => ({
        series: '8× H200 SXM 141GB, TP8: tpotMs, measured',
        concurrency: n,
        value: 8 + 0.75 * n,
      })),
    );
  });

  it('of one replica has labelled rules, of several marks on the lines and names beside them', () => {
    expect(texts(spec, 0)).toEqual(['knee at 10', 'KV cache full at 90']);
    expect(texts(speedChart({ ...speedAnswer, replicas: [b200Replica] }), 1)).toEqual(['engine admits no more at 128']);
    const several = speedChart(twoReplicas);
    expect(texts(several, 0)).toEqual([]);
    expect(texts(several, 1)).toEqual(['8× H200 SXM 141GB\nTP8', '8× B200 SXM\nTP8']);
    expect(layers(several, 0, 'point').map(({ mark }) => mark.shape)).toEqual([undefined, 'triangle-up', 'square', 'square']);
  });

  it('leaves out rules beyond the concurrencies that were asked', () => {
    const narrow = { ...h200Replica, points: h200Replica.points.filter(({ concurrency }) => concurrency >= 16 && concurrency <= 64) };
    expect(texts(speedChart({ ...speedAnswer, replicas: [narrow] }), 0)).toEqual([]);
  });

  it('draws the time per token that was asked for', () => {
    const asked = speedChart({ ...speedAnswer, query: { ...speedAnswer.query, maxTpotMs: 50 } });
    expect(texts(asked, 1)).toContain('asked: at most 50 ms');
    expect(texts(asked, 0)).not.toContain('asked: at most 50 ms');
  });

  it('draws the best four of many', () => {
    const replicas = [h200Replica, h200Replica, h200Replica, h200Replica, b200Replica].map((replica, n) => ({ ...replica, key: `${n}` }));
    const many = speedChart({ ...speedAnswer, replicas });
    expect(layers(many, 0, 'area')).toHaveLength(4);
    expect(texts(many, 1)[0]).toBe('8× B200 SXM\nTP8');
    expect(title(many).subtitle.join(' ')).toContain('the 4 replicas of 5 that write most');
  });

  it('is the same SVG twice, marked, of whole numbers and known words', async () => {
    const svg = await renderSvg(spec);
    expect(await renderSvg(speedChart(speedAnswer))).toBe(svg);
    expect(isMarked(svg)).toBe(true);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg).toMatch(/width="\d+" height="\d+"/);
    for (const words of ['Output of the replica, tokens per second', '(TPOT), milliseconds', 'requests in flight at once', '1,000', '256'])
      expect(svg).toContain(words);
    expect(renderVegaLite(spec)).not.toContain('"url"');
    await expect(renderSvg(speedChart(twoReplicas))).resolves.toContain('8× B200 SXM');
  });

  it('takes names as words, whatever they hold', async () => {
    const evil = `<script>alert(1)</script>" & \u001b[31m`;
    const answer: SpeedAnswer = {
      ...twoReplicas,
      answer: evil,
      query: { ...speedAnswer.query, model: evil, workload: evil },
      replicas: twoReplicas.replicas.map((replica) => ({ ...replica, gpuName: evil, engineVersion: evil })),
    };
    const svg = await renderSvg(speedChart(answer));
    expect(svg).not.toContain('<script>');
    expect(svg).not.toContain('\u001b');
  });

  it('refuses where there is no line', () => {
    expect(() => speedChart(noReplica)).toThrow(Fault);
    expect(() => speedChart({ ...speedAnswer, replicas: [{ ...h200Replica, points: h200Replica.points.slice(0, 1) }] })).toThrow(Fault);
  });
});
