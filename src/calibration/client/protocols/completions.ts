import { Fault } from '../../../faults/fault.ts';
import { type AnswerPart, type Fields, textOf } from '../answerPart.ts';
import type { Ask } from '../ask.ts';
import { bearer, framePart, sharedBody } from './openaiFrame.ts';
import type { BodyFor, Protocol } from './protocol.ts';

/** Plain completions: a prompt goes in, text comes out, no template of a chat between. */
export const completions: Protocol = {
  path: 'v1/completions',
  messageEvents: false,
  headers: bearer,
  body: promptBody,
  part: textPart,
  whole: (frame) => ({ ...textPart(frame), done: true }),
};

function promptBody(endpoint: BodyFor, ask: Ask): Record<string, unknown> {
  if (typeof ask.content !== 'string' || ask.tools)
    throw new Fault('unsupported', 'completions take a prompt, neither a conversation nor tools', {
      where: 'protocol',
      value: 'completions',
      allowed: 'openai or anthropic for this shape',
    });
  return { ...sharedBody(endpoint, ask), prompt: ask.content };
}

function textPart(frame: Fields): AnswerPart {
  const { choice, part } = framePart(frame);
  return { ...part, content: textOf(choice['text']) };
}
