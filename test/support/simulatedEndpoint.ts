import type { RequestRecord } from '../../src/calibration/client/record.ts';
import type { EndpointFit } from '../../src/calibration/fit/prediction.ts';
import type { LadderStep } from '../../src/calibration/ladder/step.ts';
import type { Random } from '../../src/serving/simulation/random.ts';
import { coefficientsOf } from '../../src/throughput/coefficients.ts';
import { USUAL_BATCH_TOKENS } from '../../src/throughput/fitting/speedFit.ts';
import type { LoadPoint } from '../../src/throughput/loadPoint.ts';
import { modelled } from '../../src/throughput/stepModel.ts';
import { stepTimes, waitTimes, workOf } from '../../src/throughput/work.ts';
import { replica, shipped } from './speed.ts';

const { traffic, machine, system } = replica();

/** An endpoint whose coefficients are known. */
export interface TrueEndpoint {
  readonly tpotLogs: readonly number[];
  readonly ttftLogs: readonly number[];
  /** Standard deviations in the logarithm: of a whole step, and of single requests in it. */
  readonly noise: { readonly step: number; readonly request: number };
}

/** Coefficients drawn around the shipped ones. */
export function drawnEndpoint(random: Random, deviation: number, noise: TrueEndpoint['noise']): TrueEndpoint {
  const { fits } = shipped();
  const drawn = (logs: readonly number[]) => logs.map((log) => log + deviation * random.normal());
  return { tpotLogs: drawn(coefficientsOf(fits.tpot, system)), ttftLogs: drawn(coefficientsOf(fits.ttft, system)), noise };
}

/** What the endpoint does on average at a load. */
export function trueSpeed({ tpotLogs, ttftLogs }: Pick<TrueEndpoint, 'tpotLogs' | 'ttftLogs'>, load: LoadPoint, concurrency: number) {
  const work = workOf(traffic, machine, load, concurrency);
  const tpotMs = modelled(stepTimes(work, machine, load), tpotLogs, 'overlap').value;
  const ttftMs = modelled(waitTimes(work, machine, load, tpotMs, USUAL_BATCH_TOKENS), ttftLogs, 'sum').value;
  return { tpotMs, ttftMs };
}

/** The same of the fit, to ask it where it does not know its own logs. */
export function simulatedSystem(): Pick<EndpointFit, 'traffic' | 'machine'> & { readonly system: typeof system } {
  return { traffic, machine, system };
}

/** The records of a closed loop in virtual time: every request is replaced when it ends. */
export function simulatedStep(
  { shape, load, requests, place }: LadderStep,
  endpoint: TrueEndpoint,
  random: Random,
  startMs: number,
): RequestRecord[] {
  if (load.kind !== 'concurrency') throw new Error('a closed loop is simulated');
  const { inputTokens, outputTokens, sharedInput } = shape;
  const { tpotMs, ttftMs } = trueSpeed(endpoint, { inputTokens, outputTokens, reuse: sharedInput }, load.concurrency);
  const around = (value: number, deviation: number) => value * Math.exp(deviation * random.normal());
  const [tpot, ttft] = [around(tpotMs, endpoint.noise.step), around(ttftMs, 2 * endpoint.noise.step)];
  const free = new Array<number>(load.concurrency).fill(startMs);
  return Array.from({ length: requests }, (_, number): RequestRecord => {
    const sentMs = Math.min(...free);
    const firstTokenMs = sentMs + around(ttft, 2 * endpoint.noise.request);
    const lastTokenMs = firstTokenMs + (outputTokens - 1) * around(tpot, endpoint.noise.request);
    free[free.indexOf(sentMs)] = lastTokenMs;
    return {
      schema: 'kplan/request@1',
      ask: {
        step: place,
        number,
        shape: shape.name,
        inputTokens,
        maxOutputTokens: outputTokens,
        sharedInput,
        concurrency: load.concurrency,
        rate: null,
      },
      intendedMs: sentMs,
      sentMs,
      headersMs: sentMs,
      firstByteMs: sentMs,
      firstTokenMs,
      firstAnswerMs: firstTokenMs,
      lastTokenMs,
      endMs: lastTokenMs,
      chunks: [firstTokenMs, (firstTokenMs + lastTokenMs) / 2, lastTokenMs].map((ms) => ({ ms, tokens: null, channel: 'content' })),
      usage: { place: 'last-chunk', inputTokens, cachedTokens: Math.round(sharedInput * inputTokens), outputTokens, reasoningTokens: null },
      status: 200,
      finishReason: 'length',
      failure: null,
      clientLagMs: 0,
    };
  });
}

/** A whole ladder, one step after the other. */
export function simulatedRun(steps: readonly LadderStep[], endpoint: TrueEndpoint, random: Random): RequestRecord[] {
  let nowMs = 0;
  return steps
    .filter(({ load }) => load.kind === 'concurrency')
    .flatMap((step) => {
      const records = simulatedStep(step, endpoint, random, nowMs);
      nowMs = Math.max(...records.map(({ endMs }) => endMs));
      return records;
    });
}
