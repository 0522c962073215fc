import { describe, expect, it } from 'vitest';
import type { Ask } from '../../src/calibration/client/ask.ts';
import { NOTHING_HELD } from '../../src/calibration/client/readRecords.ts';
import type { RunLine } from '../../src/calibration/client/runLine.ts';
import { pausesOf } from '../../src/calibration/fit/pauses.ts';
import { ladderOf } from '../../src/calibration/ladder/ladder.ts';
import { worstTokens } from '../../src/calibration/ladder/step.ts';
import { worstRequestUsd } from '../../src/calibration/ladder/worstCase.ts';
import { parsePrometheus } from '../../src/calibration/metrics/prometheusText.ts';
import { type ServerMetrics, serverMetrics } from '../../src/calibration/metrics/serverMetrics.ts';
import { NOTHING_SAID } from '../../src/calibration/probe/endpointFacts.ts';
import { type RunPlan, type RunResult, type RunWays, run } from '../../src/calibration/run/run.ts';
import { Fault } from '../../src/faults/fault.ts';
import { record } from '../support/requestRecords.ts';
import { kimiList } from '../support/tariffs.ts';
import { type VirtualClock, virtualClock } from '../support/virtualClock.ts';

const SHAPES = [{ name: 'short', inputTokens: 100, outputTokens: 32, sharedInput: 0 }];
const LADDER = ladderOf({ maxConcurrency: 4, shapes: SHAPES, openShare: 0 }, NOTHING_SAID);
const LIMITS = { maxUsd: null, maxRequests: null, maxDurationMs: null, maxErrorRate: 0.2 };
const ANSWER = { role: 'assistant', reasoning: '', signature: '', content: 'word', toolCalls: [] } as const;

/** An endpoint in virtual time: each request takes so long, and what is under way shows in its metrics. */
class Bench {
  readonly clock: VirtualClock = virtualClock();
  readonly lines: RunLine[] = [];
  readonly sent: { readonly ms: number; readonly step: number }[] = [];
  running = 0;

  async send({ recorded, intendedMs }: Ask, takesMs = 2600, more: Parameters<typeof record>[0] = {}) {
    const sentMs = this.clock.now();
    this.sent.push({ ms: sentMs, step: recorded.step });
    this.running++;
    await this.clock.sleep(takesMs);
    this.running--;
    return { record: { ...record({ sentMs, intendedMs, ask: recorded, ...more }), endMs: this.clock.now() }, answer: ANSWER };
  }

  shown(): ServerMetrics | null {
    const text = `vllm:num_requests_running ${this.running}\nvllm:num_requests_waiting 1\nvllm:kv_cache_usage_perc ${this.running / 10}`;
    return serverMetrics(parsePrometheus(text).samples);
  }

  run(ways: Partial<RunWays> = {}, plan: Partial<RunPlan> = {}): Promise<RunResult> {
    return this.clock.run(
      run(
        { ladder: LADDER, limits: LIMITS, tariff: null, seed: 1, fullLength: true, held: NOTHING_HELD, ...plan },
        {
          clock: this.clock,
          stop: new AbortController().signal,
          send: (ask) => this.send(ask),
          keep: async (line) => {
            this.lines.push(line);
          },
          metrics: async () => this.shown(),
          tell: () => undefined,
          ...ways,
        },
      ),
    );
  }
}

describe('the metrics of a server while steps run', () => {
  it('are read every second, and their peaks are kept of each step', async () => {
    const bench = new Bench();
    const { peaks } = await bench.run();
    expect(peaks.map(({ step, running, waiting, kvUsage }) => [step, running, waiting, kvUsage])).toEqual([
      [0, 1, 1, 0.1],
      [1, 2, 1, 0.2],
      [2, 4, 1, 0.4],
    ]);
    expect(bench.lines.filter(({ schema }) => schema === 'kplan/step-peaks@1')).toEqual(
      peaks.map((each) => ({ schema: 'kplan/step-peaks@1', ...each })),
    );
  });

  it('are never read twice at once, and nothing is sent later for them', async () => {
    const usual = new Bench();
    await usual.run();
    const slow = new Bench();
    let reading = 0;
    let most = 0;
    await slow.run({
      metrics: async () => {
        most = Math.max(most, ++reading);
        if (slow.running > 0) await slow.clock.sleep(1700);
        reading--;
        return slow.shown();
      },
    });
    const since = ({ sent }: Bench) => sent.map(({ ms, step }) => ms - (sent.find((first) => first.step === step)?.ms ?? 0));
    expect(most).toBe(1);
    expect(since(slow)).toEqual(since(usual));
  });

  it('are not asked for again of a server that shows none', async () => {
    let asked = 0;
    const bench = new Bench();
    const { peaks } = await bench.run({
      metrics: async () => {
        asked++;
        return null;
      },
    });
    expect(peaks).toEqual([]);
    expect(asked).toBe(1 + LADDER.steps.length);
  });

  it('count over both parts of a step that was gone on with', async () => {
    const bench = new Bench();
    const before = { step: 0, running: 9, waiting: 0, kvUsage: null, readings: 2 };
    const { peaks } = await bench.run({}, { held: { ...NOTHING_HELD, peaks: [before] } });
    expect(peaks[0]).toMatchObject({ step: 0, running: 9, waiting: 1, kvUsage: 0.1 });
    expect(peaks).toHaveLength(LADDER.steps.length);
  });
});

describe('what a run sends', () => {
  it('is told before it goes, one line each', async () => {
    const bench = new Bench();
    let toldBefore = 0;
    await bench.run({
      send: (ask) => {
        toldBefore += Number(bench.lines.some((line) => line.schema === 'kplan/sent@1' && line.ask === ask.recorded));
        return bench.send(ask);
      },
    });
    expect(toldBefore).toBe(bench.sent.length);
  });

  it('counts at its worst case where an earlier part was killed before the answer', async () => {
    const lost = [0, 1].map((number) => ({ ...record().ask, shape: 'short', number, inputTokens: 100, maxOutputTokens: 32 }));
    const held = { ...NOTHING_HELD, unanswered: lost };
    const each = worstRequestUsd(worstTokens({ inputTokens: 100, outputTokens: 32 }), kimiList) ?? 0;
    const bench = new Bench();
    const limits = { ...LIMITS, maxUsd: 2.5 * each };
    const { stopped, spentUsd, notes } = await bench.run({}, { held, limits, tariff: kimiList });
    expect(stopped?.code).toBe('max-usd');
    expect(bench.sent).toEqual([]);
    expect(spentUsd).toBeCloseTo(2 * each, 12);
    expect(notes).toContainEqual(expect.stringContaining('2 requests of an earlier part have no answer'));
    const prompts = new Set<unknown>();
    const again = new Bench();
    for (const part of [held, NOTHING_HELD])
      await again.run(
        {
          send: (ask) => {
            prompts.add(ask.content);
            return again.send(ask);
          },
        },
        { held: part },
      );
    expect(prompts.size).toBe(again.sent.length / 2 + lost.length);
    const counted = await new Bench().run({}, { held, limits: { ...LIMITS, maxRequests: 5 } });
    expect([counted.stopped?.code, counted.records.length]).toEqual(['max-requests', 3]);
  });
});

describe('answers of full length', () => {
  const refused = { code: 'bad-request', message: 'status 400: Unrecognized request argument supplied: ignore_eos' } as const;
  /** Sends as an endpoint that does not know the argument, and keeps what it was asked. */
  const strict = (bench: Bench, asks: Ask[]) => ({
    send: (ask: Ask) => {
      asks.push(ask);
      return bench.send(ask, 100, ask.fullLength ? { failure: refused } : {});
    },
  });
  const all = LADDER.steps.reduce((sum, { requests }) => sum + requests, 0);

  it('are asked for until the endpoint refuses the argument; that request goes again without it, and counts twice', async () => {
    const bench = new Bench();
    const asks: Ask[] = [];
    const { records, stopped, notes, points } = await bench.run(strict(bench, asks));
    expect(asks.map(({ fullLength }) => fullLength)).toEqual([true, ...new Array(all).fill(false)]);
    expect([stopped, records.length]).toEqual([null, all + 1]);
    expect(asks[1]?.content).toBe(asks[0]?.content);
    expect(notes).toContainEqual(expect.stringMatching(/does not take ignore_eos/));
    expect(points.map(({ failed, requests }, at) => failed + requests + (LADDER.steps[at]?.warmUp ?? 0))).toEqual(
      LADDER.steps.map(({ requests }) => requests),
    );
    const rest = new Bench();
    const more: Ask[] = [];
    await rest.run(strict(rest, more), { held: { ...NOTHING_HELD, records: records.slice(0, 3) } });
    expect(more.some(({ fullLength }) => fullLength)).toBe(false);
  });

  it('go again only where a further request may go', async () => {
    const bench = new Bench();
    const asks: Ask[] = [];
    const { stopped } = await bench.run(strict(bench, asks), { limits: { ...LIMITS, maxRequests: 1 } });
    expect([asks.length, stopped?.code]).toEqual([1, 'max-requests']);
  });

  it('are not asked for where nothing says that they may be, which is said', async () => {
    const bench = new Bench();
    const asks: Ask[] = [];
    const { notes, records } = await bench.run(strict(bench, asks), { fullLength: false });
    expect(asks.some(({ fullLength }) => fullLength)).toBe(false);
    expect(records).toHaveLength(all);
    expect(notes).toContainEqual(expect.stringMatching(/ignore_eos is not sent/));
  });
});

describe('pauses that the endpoint asks for', () => {
  const busy = { code: 'server-error', message: 'status 503' } as const;
  const [two] = ladderOf({ maxConcurrency: 2, shapes: SHAPES, openShare: 0 }, NOTHING_SAID).steps.slice(1);
  const openStep = (base: NonNullable<typeof two>) => ({ ...base, load: { kind: 'rate', requestsPerSecond: 1 } as const, requests: 20 });
  /** Every request takes 410 ms, and the sixth is refused for a minute. */
  const asks = (bench: Bench, more: Parameters<typeof record>[0] = {}) => ({
    send: async (ask: Ask) => {
      const refused = bench.sent.length === 5;
      const { record: made, answer } = await bench.send(ask, refused ? 1 : 411, refused ? { failure: busy } : more);
      return { record: refused ? { ...made, retryAfterMs: 60_000 } : made, answer };
    },
  });

  it('are no time of the step: it held what it was asked to hold', async () => {
    if (!two) throw new Error('the ladder has such a step');
    const bench = new Bench();
    const step = { ...two, place: 0, requests: 40 };
    const { points, records } = await bench.run(asks(bench), { ladder: { steps: [step], notes: [] } });
    const times = records.map(({ sentMs }) => sentMs).sort((a, b) => a - b);
    expect(Math.max(...times.map((ms, at) => ms - (times[at - 1] ?? ms)))).toBeGreaterThanOrEqual(60_000 - 411);
    expect(points[0]?.concurrency).toBe(2);
    expect(pausesOf(records).map(([from, to]) => to - from)).toEqual([60_000]);
  });

  it('are no wait of requests that come on their own', async () => {
    if (!two) throw new Error('the ladder has such a step');
    const bench = new Bench();
    const { points } = await bench.run(asks(bench), { ladder: { steps: [{ ...openStep(two), place: 0 }], notes: [] } });
    expect(points[0]?.ttftMs?.high).toBeLessThan(200);
  });
});

describe('a run that ends', () => {
  it('early says what it did not measure', async () => {
    const { notes } = await new Bench().run({}, { limits: { ...LIMITS, maxRequests: 6 } });
    expect(notes).toContainEqual('not measured: more than 1 in flight (4 were to be)');
    expect((await new Bench().run()).notes.join()).not.toContain('not measured');
  });

  const failing = (from: number) => {
    const bench = new Bench();
    const reset = { code: 'reset', message: 'gone' } as const;
    return bench.run({ send: (ask) => bench.send(ask, 100, bench.sent.length >= from ? { failure: reset } : {}) });
  };

  it('with too many failures in its last step did not go through', async () => {
    const all = LADDER.steps.reduce((sum, { requests }) => sum + requests, 0);
    const { stopped, records } = await failing(all - 7);
    expect(records).toHaveLength(all);
    expect(stopped?.code).toBe('error-rate');
    expect((await failing(all - 1)).stopped).toBeNull();
  });

  it('ends as unwritable where its records cannot be written, and for nothing else', async () => {
    const full = new Fault('unwritable', 'the disk is full', { where: 'run.jsonl', allowed: 'room' });
    const bench = new Bench();
    const { stopped } = await bench.run({ keep: () => Promise.reject(full) });
    expect(stopped?.code).toBe('unwritable');
    expect(bench.sent).toHaveLength(1);
    for (const error of [new TypeError('a defect'), new Fault('unsupported', 'no tools', { where: 'protocol', allowed: 'none' })]) {
      const broken = new Bench();
      await expect(broken.run({ send: () => Promise.reject(error) })).rejects.toBe(error);
    }
  });
});
