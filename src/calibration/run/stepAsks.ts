import type { Ask } from '../client/ask.ts';
import type { Clock } from '../client/clock.ts';
import type { RecordedAsk, RequestRecord } from '../client/record.ts';
import type { Sent } from '../client/sendRequest.ts';
import { type ConversationShape, conversationTurn, nextMessages, openingMessages, READ_FILE_TOOL } from '../ladder/conversation.ts';
import { promptOf } from '../ladder/prompt.ts';
import type { LadderStep } from '../ladder/step.ts';

/** What is said of a request in its record. */
function recordedOf({ place, shape, load }: LadderStep, number: number): RecordedAsk {
  return {
    step: place,
    number,
    shape: shape.name,
    inputTokens: shape.inputTokens,
    maxOutputTokens: shape.outputTokens,
    sharedInput: shape.sharedInput,
    concurrency: load.kind === 'concurrency' ? load.concurrency : null,
    rate: load.kind === 'rate' ? load.requestsPerSecond : null,
  };
}

/** Above the number of any request of a step. */
const PER_PART = 20_000;

/**
 * The request of a prompt.
 *
 * @param lost how often it was sent before and its answer lost: the endpoint may still hold the prompts of then
 */
export function promptAsk(step: LadderStep, number: number, intendedMs: number, seed: number, lost: number): Omit<Ask, 'fullLength'> {
  const { inputTokens, sharedInput } = step.shape;
  const content = promptOf({
    seed,
    number: step.place * 100_000 + Math.min(lost, 4) * PER_PART + number,
    tokens: inputTokens,
    sharedTokens: Math.round(inputTokens * sharedInput),
  });
  return { recorded: recordedOf(step, number), intendedMs, content };
}

/** Sends all turns of a conversation, each with what the model thought and answered before; a turn that fails is its last. */
export async function conversation(
  step: LadderStep,
  shape: ConversationShape,
  number: number,
  intendedMs: number,
  { seed, send, clock }: { readonly seed: number; readonly send: (ask: Ask) => Promise<Sent | null>; readonly clock: Clock },
): Promise<RequestRecord | null> {
  const which = step.place * 1000 + number;
  let messages = openingMessages(shape, seed, which);
  let last: RequestRecord | null = null;
  for (let turn = 0; turn < shape.turns; turn++) {
    const { inputTokens, sharedInput } = conversationTurn(shape, turn);
    const recorded = { ...recordedOf(step, number * shape.turns + turn), inputTokens, sharedInput };
    const dueMs = turn === 0 ? intendedMs : clock.now();
    const sent = await send({ recorded, intendedMs: dueMs, content: messages, tools: [READ_FILE_TOOL], toolChoice: 'auto' });
    if (!sent) break;
    last = sent.record;
    if (sent.record.failure) break;
    messages = nextMessages(shape, messages, sent.answer, seed, which, turn + 1);
  }
  return last;
}
