import { concurrencies } from '../throughput/capacity.ts';
import { coefficientsOf } from '../throughput/coefficients.ts';
import type { Knowledge } from '../throughput/knowledge.ts';
import type { LoadPoint } from '../throughput/loadPoint.ts';
import type { Replica } from '../throughput/replica.ts';
import { speedModel } from '../throughput/speed.ts';
import { modelled } from '../throughput/stepModel.ts';
import { stepTimes, TPOT_TERMS, workOf } from '../throughput/work.ts';
import { checkNumber } from '../units/number.ts';
import type { StepClock } from './simulation/stepClock.ts';

/** Contexts at which step times are tabled: none, then doublings of 256 up to four million tokens; straight lines lie between. */
const FIRST_POWER = 8;
const LAST_POWER = 22;
const COLUMNS = LAST_POWER - FIRST_POWER + 2;

function contextAt(column: number): number {
  return column === 0 ? 0 : 2 ** (FIRST_POWER + column - 1);
}

/** A straight line between the two tabled contexts around the asked one, or on from the last. */
function between(table: Float64Array, from: number, context: number): number {
  const power = 31 - Math.clz32(context);
  const column = context < 2 ** FIRST_POWER ? 0 : Math.min(power - FIRST_POWER + 1, COLUMNS - 2);
  const low = contextAt(column);
  const high = contextAt(column + 1);
  const below = table[from + column] as number;
  return below + (((table[from + column + 1] as number) - below) * (context - low)) / (high - low);
}

/** What prompts beside decoding do not change of a step of so many sequences with this context, and what one prompt token behind it adds. */
function stepParts({ traffic, machine }: Replica, logs: readonly number[]) {
  const timesOf = (load: LoadPoint, sequences: number) => stepTimes(workOf(traffic, machine, load, sequences), machine, load);
  const decodeTimes = (sequences: number, context: number) => timesOf({ inputTokens: context - 0.5, outputTokens: 1, reuse: 1 }, sequences);
  return {
    decodeMs: (sequences: number, context: number) => modelled(decodeTimes(sequences, context), logs, 'overlap').value,
    // two sequences that give one token each compute one prompt beside it, here of one token
    promptTokenMs: (context: number) => {
      const inputTokens = context + 0.5;
      const withPrompt = timesOf({ inputTokens, outputTokens: 1, reuse: 1 - 1 / inputTokens }, 2);
      const without = decodeTimes(2, inputTokens + 0.5);
      const added = (term: (typeof TPOT_TERMS)[number]) => {
        const place = TPOT_TERMS.indexOf(term);
        return ((withPrompt[place] as number) - (without[place] as number)) * Math.exp(logs[place] ?? 0);
      };
      return added('prefill') + added('collectives');
    },
  };
}

/** Read or measured over modelled time per token for every number of sequences, straight in the logarithm between those that are asked. */
function anchors(replica: Replica, load: LoadPoint, knowledge: Knowledge, maxSequences: number): Float64Array {
  const at = speedModel(replica, load, knowledge);
  const factors = new Float64Array(maxSequences + 1);
  let last = 1;
  for (const next of concurrencies(maxSequences)) {
    factors[next] = at(next).anchor;
    const [from, to] = [factors[last] as number, factors[next] as number];
    for (let n = last + 1; n < next; n++) factors[n] = from + ((to - from) * Math.log(n / last)) / Math.log(next / last);
    last = next;
  }
  factors[0] = factors[1] as number;
  return factors;
}

/**
 * Step times of a replica for the simulator: the step-time model with its fitted coefficients,
 * `anchor(n) * (launch + sqrt((weights + KV)^2 + compute^2) + collectives + sequences + prompt tokens * time of one)`, where the average
 * of prompts beside decoding makes way for those of the iteration, and the anchor of n sequences in flight makes a closed loop take as
 * long per token as `speedModel` says (1 where no measured curve speaks). An iteration without decoding takes what one sequence without
 * context does, and its prompt tokens. Tables are made once; a call reads two lines from them.
 *
 * @param replica GPU, engine, format, layout and model
 * @param load tokens per request and reuse for which the anchors are read
 * @param knowledge measured curves and fitted coefficients
 * @param maxSequences sequences in one iteration at most
 * @returns a clock that is not straight in the context
 * @throws Fault `invalid` for a number of sequences that is not whole or below 1
 * @example (1000 * stepClockOf(h200TP8, { inputTokens: 8192, outputTokens: 1024, reuse: 0 }, knowledge, 64).seconds({ decodeSequences: 1, contextTokens: 8704, prefillTokens: 0, prefillContextTokens: 0 })).toFixed(0) // '9'
 */
export function stepClockOf(replica: Replica, load: LoadPoint, knowledge: Knowledge, maxSequences: number): StepClock {
  checkNumber(maxSequences, 'max-num-seqs', { min: 1, max: 65_536, integer: true });
  const logs = coefficientsOf(knowledge.fits.tpot, replica.system);
  const { decodeMs, promptTokenMs } = stepParts(replica, logs);
  const factors = anchors(replica, load, knowledge, maxSequences);
  const decode = new Float64Array((maxSequences + 1) * COLUMNS);
  const prompt = new Float64Array(COLUMNS);
  for (let column = 0; column < COLUMNS; column++) {
    const context = contextAt(column);
    prompt[column] = promptTokenMs(context) / 1000;
    for (let n = 0; n <= maxSequences; n++) {
      decode[n * COLUMNS + column] = decodeMs(Math.max(1, n), n === 0 ? 0 : context) / 1000;
    }
  }
  return {
    affineInContext: false,
    seconds: ({ decodeSequences, contextTokens, prefillTokens, prefillContextTokens }) => {
      const context = decodeSequences > 0 ? contextTokens / decodeSequences : 0;
      const seconds = between(decode, decodeSequences * COLUMNS, context);
      if (prefillTokens === 0) return (factors[decodeSequences] as number) * seconds;
      const inFlight = Math.min(decodeSequences + 1, maxSequences);
      return (factors[inFlight] as number) * (seconds + prefillTokens * between(prompt, 0, prefillContextTokens));
    },
  };
}
