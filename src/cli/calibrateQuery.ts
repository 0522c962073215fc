import type { ProtocolName } from '../calibration/client/protocols/protocol.ts';
import { AGENTIC_SHAPE, conversationTurn } from '../calibration/ladder/conversation.ts';
import type { LadderOptions } from '../calibration/ladder/ladder.ts';
import type { RunLimits } from '../calibration/ladder/limits.ts';
import type { LadderShape } from '../calibration/ladder/step.ts';
import { Fault } from '../faults/fault.ts';
import { given } from '../plan/fit/question.ts';
import { parseDurationMs } from '../units/duration.ts';
import { parseNumber } from '../units/number.ts';
import type { CalibrateOptions } from './calibrateOptions.ts';
import { namesIn, shareIn } from './deploymentQuery.ts';
import { oneOf } from './hostingQuery.ts';

const PROTOCOLS: readonly ProtocolName[] = ['openai', 'completions', 'anthropic'];
const USUAL_DURATION = '5min';
const USUAL_ERROR_RATE = 0.2;
const SHAPE = /^(\d{1,7})x(\d{1,6})(?:@(0?\.\d+|0))?$/;

/** Conversations of a coding agent; lengths are those of its last turn, which is the most that a turn may cost. */
const AGENTIC: LadderShape = {
  name: 'agentic',
  ...conversationTurn(AGENTIC_SHAPE, AGENTIC_SHAPE.turns - 1),
  outputTokens: AGENTIC_SHAPE.outputTokens,
  conversation: AGENTIC_SHAPE,
};

/** What `kplan calibrate` is asked, beside the endpoint and what runs there. */
export interface CalibrateQuery {
  readonly protocol: ProtocolName;
  readonly ladder: LadderOptions;
  readonly limits: RunLimits;
  readonly seed: number | undefined;
}

function shapesIn(text: string): LadderShape[] {
  const names = namesIn(text, '--shapes');
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new Fault('contradiction', 'a shape is named twice', { where: '--shapes', value: twice, allowed: 'each shape once' });
  return names.map((shape) => {
    if (shape === 'agentic') return AGENTIC;
    const [, input, output, shared] = SHAPE.exec(shape) ?? [];
    if (input === undefined || output === undefined)
      throw new Fault('invalid', 'not a shape', {
        where: '--shapes',
        value: shape,
        allowed: 'input x output, such as 1024x256 or 1024x256@0.75',
      });
    return { name: shape, inputTokens: Number(input), outputTokens: Number(output), sharedInput: Number(shared ?? 0) };
  });
}

/** @throws Fault where the protocol cannot send what a shape asks */
function checkProtocol(protocol: ProtocolName, shapes: readonly LadderShape[] | undefined): void {
  const talk = shapes?.find(({ conversation }) => conversation !== undefined);
  if (protocol === 'completions' && talk)
    throw new Fault('contradiction', 'completions take a prompt, no conversation', {
      where: '--shapes',
      value: talk.name,
      allowed: 'input x output with --protocol completions; agentic with openai or anthropic',
    });
}

/**
 * Reads the words of `kplan calibrate` into what is asked of the run.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export function calibrateQueryOf(options: CalibrateOptions): CalibrateQuery {
  const { protocol, maxConcurrency, shapes, open, seed, maxUsd, maxRequests, maxDuration, maxErrorRate } = options;
  const whole = (text: string | undefined, where: string, min = 1) =>
    text === undefined ? undefined : parseNumber(text, where, { min, max: 2 ** 31, integer: true });
  const by = protocol === undefined ? 'openai' : oneOf(PROTOCOLS, protocol, '--protocol');
  const asked = shapes === undefined ? undefined : shapesIn(shapes);
  checkProtocol(by, asked);
  return {
    protocol: by,
    ladder: {
      ...given('maxConcurrency', whole(maxConcurrency, '--max-concurrency')),
      ...given('shapes', asked),
      ...given('openShare', open === undefined ? undefined : shareIn(open, '--open', { min: 0 })),
    },
    limits: {
      maxUsd: maxUsd === undefined ? null : parseNumber(maxUsd, '--max-usd', { above: 0 }),
      maxRequests: whole(maxRequests, '--max-requests') ?? null,
      maxDurationMs: parseDurationMs(maxDuration ?? USUAL_DURATION, '--max-duration'),
      maxErrorRate: maxErrorRate === undefined ? USUAL_ERROR_RATE : shareIn(maxErrorRate, '--max-error-rate', { min: 0 }),
    },
    seed: whole(seed, '--seed', 0),
  };
}
