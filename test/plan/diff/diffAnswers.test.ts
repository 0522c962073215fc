import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { breakEven } from '../../../src/plan/breakEven/breakEven.ts';
import { cost } from '../../../src/plan/cost/cost.ts';
import { parseCondition } from '../../../src/plan/diff/conditions.ts';
import { type DiffSide, diffAnswers } from '../../../src/plan/diff/diffAnswers.ts';
import { FIGURE_CODES, type FiguredAnswer, figuresOf } from '../../../src/plan/figures/figures.ts';
import { fit } from '../../../src/plan/fit/fit.ts';
import { reuse } from '../../../src/plan/reuse/reuse.ts';
import { size } from '../../../src/plan/size/size.ts';
import { speed } from '../../../src/plan/speed/speed.ts';
import { diffSchema } from '../../../src/report/schema/diff.ts';
import { LATENCY_METRICS, PERCENTILES } from '../../../src/serving/serviceLevel.ts';

const catalog = loadCatalog();
const side = (...answers: FiguredAnswer[]): DiffSide => ({ name: 'plan', answers, inputs: null });
const TRAFFIC = { gpu: ['h200:8'], workload: 'agentic-coding', users: 40, tp: 8 } as const;
const hosted = (more: object = {}) => breakEven({ ...TRAFFIC, ...more }, catalog);
const found = (answer: ReturnType<typeof diffAnswers>, code: string) => answer.figures.find((each) => each.code === code);

describe('what changes between two answers', () => {
  it('is nothing where they are the same', () => {
    const answer = diffAnswers(side(hosted()), side(hosted()), { conditions: [parseCondition('verdict'), parseCondition('cost>+0')] });
    expect(answer).toMatchObject({ figures: [], lone: [], verdicts: [], inputs: [] });
    expect(answer.answer).toBe(`Nothing changes: all ${answer.unchanged} figures are the same.`);
    expect(answer.conditions.every(({ failed }) => !failed)).toBe(true);
  });

  it('is told where the new plan serves nothing, and fails every condition on what cannot be compared', () => {
    const fitOn = (gpu: string) => fit({ gpu: [gpu], contextTokens: 131_072 }, catalog);
    const conditions = ['verdict', 'sequences<-10%'].map(parseCondition);
    const gone = diffAnswers(side(fitOn('h200:8')), side(fitOn('h100:8')), { conditions });
    expect(gone.verdicts[0]).toEqual({ of: 'kplan/fit@1', subject: '8×H100 80GB SXM5 TP8 int4', before: 'fits', after: 'does-not-fit' });
    expect(gone.conditions.map(({ failed }) => failed)).toEqual([true, true]);
    expect(gone.answer).toMatch(/^Verdict on 8×H100 80GB SXM5 TP8 int4 fits → does not fit/);
    const two = diffAnswers(
      side(fit({ gpu: ['h200:8', 'b200:8'] }, catalog)),
      side(fit({ gpu: ['h100:8', 'a100:8'], contextTokens: 131_072 }, catalog)),
      { conditions },
    );
    expect(two.verdicts).toEqual([{ of: 'kplan/fit@1', subject: 'the answer as a whole', before: 'fits', after: 'does-not-fit' }]);
    expect(two.conditions[1]?.by[0]).toContain('cannot be compared');
    const none = diffAnswers(side(hosted()), side(hosted({ gpu: ['h100:8'] })), { conditions: [parseCondition('cost>+5%')] });
    expect(none.conditions[0]?.failed).toBe(true);
    expect(none.answer).not.toMatch(/unchanged/);
  });

  it('is real for more of the same users, however wide the bands', () => {
    const answer = diffAnswers(side(hosted()), side(hosted({ users: 80 })), { conditions: [parseCondition('cost>+5%')] });
    const change = found(answer, 'cost');
    expect(change).toMatchObject({ kinship: 'same', real: true });
    const [was, is] = [change?.before, change?.after];
    expect(is?.low ?? 0).toBeLessThan(was?.high ?? 0);
    expect(change?.relative?.low).toBeGreaterThan(0);
    expect(answer.conditions[0]).toMatchObject({ failed: true, condition: 'cost>+5%' });
    expect(answer.inputs).toEqual([{ name: 'users', before: '40', after: '80', beforeAt: null, afterAt: null }]);
    expect(answer.answer).toMatch(/^Costs \$[\d,]+ more a month \(\+\d+ %\); \d+ replicas? more/);
  });

  it('is held against the error between layouts, and against all of it between GPUs', () => {
    const layouts = diffAnswers(side(hosted({ dcp: 8 })), side(hosted()));
    expect(found(layouts, 'capacity')).toMatchObject({ kinship: 'layout', real: true });
    const gpus = diffAnswers(side(hosted()), side(hosted({ gpu: ['b200:8'] })));
    const capacity = found(gpus, 'capacity');
    expect(capacity).toMatchObject({
      kinship: 'other',
      subjectBefore: expect.stringContaining('h200'),
      subject: expect.stringContaining('b200'),
    });
    const independent = Math.hypot(
      Math.log((capacity?.after?.high ?? 1) / (capacity?.after?.value ?? 1)),
      Math.log((capacity?.before?.value ?? 1) / (capacity?.before?.low ?? 1)),
    );
    expect(Math.log((1 + (capacity?.relative?.high ?? 0)) / (1 + (capacity?.relative?.value ?? 0)))).toBeCloseTo(independent, 9);
  });

  it('doubts what replicas cost no less than their number', () => {
    const at = (more: object) => size({ ...TRAFFIC, users: 200, ...more }, catalog);
    const answer = diffAnswers(side(at({ dcp: 8 })), side(at({ users: 210, dcp: 8 })));
    const same = diffAnswers(side(at({ dcp: 8 })), side(at({})));
    for (const { figures } of [answer, same]) {
      const [replicas, money] = ['replicas', 'cost'].map((code) => figures.find((each) => each.code === code));
      expect(money?.real).toBe(replicas?.real);
      if (money?.before) expect((money.before.high ?? 0) / (money.before.value ?? 1)).toBeGreaterThan(1.5);
    }
    expect(found(same, 'replicas')?.kinship).toBe('layout');
  });

  it('lets nothing cancel between what is measured and what is modelled', () => {
    const at = (inputTokens: number) =>
      speed({ gpu: ['h200:8'], model: 'kimi-k2.5', inputTokens, outputTokens: 1024, concurrency: { from: 16, to: 16 }, tp: 8 }, catalog);
    const [measured, modelled] = [at(8192), at(100_000)];
    expect([measured, modelled].map(({ replicas }) => replicas[0]?.points[0]?.basis)).toEqual(['measured', 'modelled']);
    expect(found(diffAnswers(side(measured), side(modelled)), 'tpot')?.kinship).toBe('other');
    expect(found(diffAnswers(side(modelled), side(at(110_000))), 'tpot')?.kinship).toBe('load');
  });

  it('pairs replicas of another layout and says both', () => {
    const at = (more: object) =>
      speed({ gpu: ['h200:8'], workload: 'agentic-coding', concurrency: { from: 1, to: 2 }, tp: 8, ...more }, catalog);
    const answer = diffAnswers(side(at({})), side(at({ dcp: 8 })));
    expect(answer.lone).toEqual([]);
    expect(found(answer, 'ttft')).toMatchObject({
      kinship: 'layout',
      subjectBefore: '8×H200 141GB SXM TP8 at 1 in flight',
      subject: '8×H200 141GB SXM TP8+DCP8 at 1 in flight',
    });
  });

  it('tells a verdict that turned', () => {
    const at = (contextTokens: number) => fit({ gpu: ['h200'], gpus: 8, contextTokens, sequences: 4 }, catalog);
    const answer = diffAnswers(side(at(131_072)), side(at(262_144)), { conditions: [parseCondition('verdict')] });
    expect(answer.verdicts).toEqual([{ of: 'kplan/fit@1', subject: '8×H200 141GB SXM TP8 int4', before: 'fits', after: 'does-not-fit' }]);
    expect(answer.conditions[0]).toMatchObject({ failed: true, by: ['8×H200 141GB SXM TP8 int4: fits → does-not-fit'] });
    expect(answer.answer).toContain('Verdict on 8×H200 141GB SXM TP8 int4 fits → does not fit');
  });

  it('says that facts changed too, and lets nothing cancel then', () => {
    const answer = diffAnswers(side(hosted({ asOf: '2026-09-01' })), side(hosted({ users: 41 })));
    expect(answer.facts).toMatchObject({ same: false, before: { asOf: '2026-09-01' } });
    expect(answer.warnings[0]).toMatch(/^facts changed too \(as of 2026-09-01 before and .* after/);
    expect(answer.figures.every(({ kinship }) => kinship === 'other')).toBe(true);
  });

  it('refuses answers to different questions', () => {
    expect(() => diffAnswers(side(hosted()), side(fit({ gpu: ['h200'], gpus: 8, contextTokens: 1024 }, catalog)))).toThrow(
      /contradiction plan: answers to different questions \(got "kplan\/fit@1"\); allowed: one of kplan\/breakeven@1/,
    );
  });

  it('is of its schema, and the same each time', () => {
    const make = () =>
      diffAnswers(side(hosted()), side(hosted({ users: 80, gpu: ['b200:8'] })), { conditions: [parseCondition('verdict')] });
    const answer = make();
    expect(diffSchema.parse(JSON.parse(JSON.stringify(answer)))).toEqual(answer);
    expect(JSON.stringify(make())).toBe(JSON.stringify(answer));
  });

  it('knows every code of every figure', () => {
    const answers = [
      hosted(),
      cost(TRAFFIC, catalog),
      reuse({ gpu: ['h200:8'], workload: 'agentic-coding' }, catalog),
      size(
        {
          ...TRAFFIC,
          users: 4,
          levels: LATENCY_METRICS.flatMap((metric) => PERCENTILES.map((percentile) => ({ metric, percentile, limitMs: 1e5 }))),
        },
        catalog,
      ),
      hosted({ months: 12, sensitivity: true }),
      speed({ gpu: ['h200:8'], workload: 'agentic-coding' }, catalog),
      fit({ gpu: ['h200'], gpus: 8, contextTokens: 1024 }, catalog),
    ];
    const codes = new Set(answers.flatMap((answer) => figuresOf(answer).map(({ code }) => code)));
    expect([...codes].filter((code) => !(FIGURE_CODES as readonly string[]).includes(code))).toEqual([]);
    expect(FIGURE_CODES.filter((code) => !codes.has(code))).toEqual([]);
  });

  it('is held against the same price list where the GPU is another, against each of several', () => {
    const answer = diffAnswers(side(hosted({ gpu: ['mi325x:8'] })), side(hosted({ gpu: ['b300:8'] })), {
      conditions: [parseCondition('verdict')],
    });
    const probabilities = answer.figures.filter(({ code }) => code === 'probability');
    expect(probabilities.length).toBeGreaterThan(1);
    for (const { subject, subjectBefore } of probabilities) expect(subject.split(' against ')[1]).toBe(subjectBefore.split(' against ')[1]);
    const { verdicts: were } = hosted({ gpu: ['mi325x:8'] });
    const { verdicts: are } = hosted({ gpu: ['b300:8'] });
    const turned = were.filter(({ tariff, code }) => are.find((each) => each.tariff === tariff)?.code !== code);
    expect(answer.verdicts).toHaveLength(turned.length);
    expect(answer.conditions[0]?.failed).toBe(turned.length > 0);
  });

  it('is of the cheapest fleet too, where that is no more on offer', () => {
    const [both, one] = [hosted({ gpu: ['h200:8', 'b200:8'] }), hosted({ gpu: ['h200:8'] })];
    const least = (answer: typeof both) => Math.min(...answer.monthly.map(({ selfHostUsd }) => selfHostUsd.value));
    const change = (from: typeof both, to: typeof both) =>
      diffAnswers(side(from), side(to), { conditions: [parseCondition('cost>+5%')], strict: true });
    const gone = change(both, one);
    const moved = found(gone, 'cost');
    expect(moved?.subject).toMatch(/^the cheapest fleet: h200/);
    expect(moved?.absolute?.value).toBeCloseTo(least(one) - least(both), 6);
    expect(gone.conditions[0]?.failed).toBe(least(one) > 1.05 * least(both));
    expect(gone.answer).toMatch(/^Costs \$[\d,]+ more a month .*\(the cheapest fleet: b200.* → h200/);
    expect(gone.answer).not.toMatch(/unchanged/);
    expect(change(one, both).answer).toMatch(/^Costs \$[\d,]+ less a month/);
    expect(change(both, both).figures).toEqual([]);
  });

  it('says what only one side answers, and what a side says of its speeds', () => {
    const fast = (more: object = {}) => speed({ gpu: ['h200:8'], workload: 'agentic-coding', tp: 8, ...more }, catalog);
    const { warnings } = diffAnswers(side(hosted(), fast()), side(fast({ draft: 'eagle3' })));
    expect(warnings).toContain('of one side alone, and not compared: breakeven');
    expect(warnings.some((text) => text.startsWith('plan: speculative decoding is not modelled'))).toBe(true);
  });

  it('is held against the fleet that was paid for in another way', () => {
    const answer = diffAnswers(side(hosted({ purchases: ['reserved-1y'] })), side(hosted({ purchases: ['on-demand'] })));
    expect(answer.lone).toEqual([]);
    expect(found(answer, 'cost')).toMatchObject({ kinship: 'same' });
  });

  it('is not made up of layouts or loads that stand for something else', () => {
    const all = fit({ gpu: ['h200:8'] }, catalog);
    expect(diffAnswers(side(all), side(fit({ gpu: ['h200:8'], pp: 1 }, catalog))).figures).toEqual([]);
    const speedAt = (utilization?: number) =>
      speed({ gpu: ['h200:8'], workload: 'agentic-coding', tp: 8, dcp: 8, ...(utilization === undefined ? {} : { utilization }) }, catalog);
    const less = diffAnswers(side(speedAt()), side(speedAt(0.85)));
    expect(less.figures.filter(({ code }) => code !== 'kv-tokens')).toEqual([]);
    expect(less.lone.some(({ code }) => code === 'ttft')).toBe(true);
  });

  it('is of the months to come, too', () => {
    const planned = (apiTrend: string) => hosted({ months: 24, apiTrend, sensitivity: true });
    const answer = diffAnswers(side(planned('0%/year')), side(planned('-50%/year')), { conditions: [parseCondition('saved<-0')] });
    expect(found(answer, 'saved')?.absolute?.value).toBeLessThan(0);
    expect(answer.conditions[0]?.failed).toBe(true);
    expect(found(answer, 'cost')).toBeUndefined();
  });

  it('may be of a band alone', () => {
    const was = hosted();
    const wider = { ...was, monthly: was.monthly.map((row) => ({ ...row, selfHostUsd: { ...row.selfHostUsd, low: 1 } })) };
    const change = found(diffAnswers(side(was), side(wider), { conditions: [parseCondition('cost>+0')] }), 'cost');
    expect(change).toMatchObject({ absolute: { value: 0 }, real: false });
  });

  it('knows the day of each answer', () => {
    const day = (asOf: string) => side(hosted({ asOf }), fit({ gpu: ['h200:8'] }, catalog));
    expect(diffAnswers(day('2026-07-10'), day('2026-11-22')).facts).toMatchObject({ same: false, before: { asOf: '2026-07-10' } });
  });

  it('says which changed inputs shape nothing that is compared', () => {
    const said = (text: string): DiffSide => ({
      name: 'plan',
      answers: [hosted()],
      inputs: [{ name: 'workload.finished', text, at: null }],
      unheard: ['workload.finished'],
    });
    expect(diffAnswers(said('0.5'), said('0.9')).answer).toMatch(
      /^Nothing that is compared changes: .*; workload.finished shapes none of these answers\.$/,
    );
  });
});
