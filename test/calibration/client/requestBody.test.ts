import { describe, expect, it } from 'vitest';
import type { Ask, Message, Tool } from '../../../src/calibration/client/ask.ts';
import { PROTOCOLS } from '../../../src/calibration/client/protocols/protocol.ts';
import { ASK } from '../../support/calibrationAsks.ts';

const PLAIN = { model: 'm', continuousUsage: false };
const KIMI = { model: 'moonshotai/Kimi-K2.7-Code', continuousUsage: true };
const tools: readonly Tool[] = [{ name: 'ls', description: 'Lists files', parameters: { type: 'object' } }];
const turns: readonly Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'List.' },
  { role: 'assistant', reasoning: 'Hm', signature: 's', content: '', toolCalls: [{ id: 'a', name: 'ls', arguments: '{"p":1}' }] },
  { role: 'tool', toolCallId: 'a', content: 'x.ts' },
];
const loop: Ask = { ...ASK, content: turns, tools };

describe('the body of a request', () => {
  it('of chat', () => {
    expect(PROTOCOLS.openai.body(PLAIN, { ...ASK, fullLength: true })).toEqual({
      model: 'm',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 2,
      ignore_eos: true,
      messages: [{ role: 'user', content: 'Say ab.' }],
    });
  });

  it('obeys the rules of the model, and sends thinking back with the calls that it led to', () => {
    expect(PROTOCOLS.openai.body(KIMI, loop)).toEqual({
      model: KIMI.model,
      stream: true,
      stream_options: { include_usage: true, continuous_usage_stats: true },
      max_tokens: 2,
      temperature: 1,
      top_p: 0.95,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'List.' },
        {
          role: 'assistant',
          content: '',
          reasoning_content: 'Hm',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'ls', arguments: '{"p":1}' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: 'x.ts' },
      ],
      tools: [{ type: 'function', function: { name: 'ls', description: 'Lists files', parameters: { type: 'object' } } }],
      tool_choice: 'auto',
    });
  });

  it('of messages', () => {
    expect(PROTOCOLS.anthropic.body(KIMI, { ...loop, toolChoice: 'none' })).toEqual({
      model: KIMI.model,
      stream: true,
      max_tokens: 2,
      temperature: 1,
      top_p: 0.95,
      system: 'Be brief.',
      messages: [
        { role: 'user', content: 'List.' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm', signature: 's' },
            { type: 'tool_use', id: 'a', name: 'ls', input: { p: 1 } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'x.ts' }] },
      ],
      tools: [{ name: 'ls', description: 'Lists files', input_schema: { type: 'object' } }],
      tool_choice: { type: 'none' },
    });
  });

  it('of completions, which take a prompt alone', () => {
    expect(PROTOCOLS.completions.body(PLAIN, ASK)).toMatchObject({ prompt: 'Say ab.', max_tokens: 2 });
    expect(() => PROTOCOLS.completions.body(PLAIN, loop)).toThrow('completions take a prompt');
  });

  it('refuses a choice of tools that the model does not take', () => {
    for (const name of ['openai', 'anthropic'] as const) {
      expect(() => PROTOCOLS[name].body(KIMI, { ...loop, toolChoice: 'required' })).toThrow('allowed: auto, none');
      expect(PROTOCOLS[name].body(PLAIN, { ...loop, toolChoice: 'required' })).toHaveProperty('tool_choice');
    }
  });

  it('carries the key where each kind of server looks for it', () => {
    expect(PROTOCOLS.openai.headers('k')).toEqual({ authorization: 'Bearer k' });
    expect(PROTOCOLS.anthropic.headers('k')).toMatchObject({ authorization: 'Bearer k', 'x-api-key': 'k' });
    expect(PROTOCOLS.openai.headers(null)).toEqual({});
  });
});
