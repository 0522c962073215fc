import type { ProtocolName } from '../../src/calibration/client/protocols/protocol.ts';
import type { FailureCode, RecordedOddities, UsagePlace } from '../../src/calibration/client/record.ts';

/** A stream, and what a reader by hand finds in it. */
export interface StreamFixture {
  readonly name: string;
  readonly protocol: ProtocolName;
  readonly bytes: Uint8Array;
  readonly reasoning?: string;
  readonly content?: string;
  readonly calls?: readonly (readonly [name: string, text: string])[];
  readonly channels: string;
  /** Tokens per chunk where the server tells them. */
  readonly tokens?: readonly (number | null)[];
  readonly usage: readonly [
    place: UsagePlace,
    input: number | null,
    cached: number | null,
    output: number | null,
    reasoning: number | null,
  ];
  readonly finish: string | null;
  readonly failure?: FailureCode;
  readonly oddities?: Partial<RecordedOddities>;
}

const json = (value: unknown) => JSON.stringify(value);
const data = (value: unknown, end = '\n') => `data: ${typeof value === 'string' ? value : json(value)}${end}${end}`;
const chat = (delta: object, more: object = {}, finish: string | null = null, end = '\n') =>
  data({ id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }], ...more }, end);
const usage = (input: number, output: number, more: object = {}) => ({ prompt_tokens: input, completion_tokens: output, ...more });
const last = (counts: object) => data({ choices: [], usage: counts });
const DONE = data('[DONE]');
const ROLE = chat({ role: 'assistant', content: '' });
const event = (type: string, more: object = {}) => `event: ${type}\ndata: ${json({ type, ...more })}\n\n`;
const text = (value: string) => new TextEncoder().encode(value);
const NONE = ['none', null, null, null, null] as const;

/** Streams of all protocols with what servers put in them: c is a chunk of content, r of reasoning, t of a tool call. */
export const STREAMS: readonly StreamFixture[] = [
  {
    name: 'vLLM: role first, reasoning, content, usage in the last chunk',
    protocol: 'openai',
    bytes: text(
      `${ROLE}${chat({ reasoning: 'Hm' })}${chat({ reasoning: '…' })}${chat({ content: '' })}${chat({ content: 'Zürich ' })}${chat({ content: '日本🙂' }, {}, 'stop')}${last(
        usage(9, 6, { prompt_tokens_details: { cached_tokens: 4 }, completion_tokens_details: { reasoning_tokens: 2 } }),
      )}${DONE}`,
    ),
    reasoning: 'Hm…',
    content: 'Zürich 日本🙂',
    channels: 'rrcc',
    usage: ['last-chunk', 9, 4, 6, 2],
    finish: 'stop',
  },
  {
    name: 'SGLang: reasoning_content, CRLF, comments, fields of its own, no space after the colon',
    protocol: 'openai',
    bytes: text(
      `: ping\r\n\r\nid: 1\r\nretry: 5\r\nx-own: 1\r\n${chat({ role: 'assistant', reasoning_content: 'a' }, {}, null, '\r\n')}:\r\n\r\n${chat({ content: 'b' }, {}, 'length', '\r\n').replace('data: ', 'data:')}${data({ choices: [], usage: usage(5, 2, { reasoning_tokens: 1 }) }, '\r\n')}${data('[DONE]', '\r\n')}`,
    ),
    reasoning: 'a',
    content: 'b',
    channels: 'rc',
    usage: ['last-chunk', 5, null, 2, 1],
    finish: 'length',
  },
  {
    name: 'CR alone, byte order mark, and a frame over two lines of data',
    protocol: 'openai',
    bytes: text(
      `\ufeff${chat({ content: 'a' }, {}, null, '\r')}data: {"choices":[{"delta":\rdata: {"content":"b"},"finish_reason":"stop"}]}\r\r${data('[DONE]', '\r')}`,
    ),
    content: 'ab',
    channels: 'cc',
    usage: NONE,
    finish: 'stop',
  },
  {
    name: 'CRLF between two lines of data of one frame',
    protocol: 'openai',
    bytes: text('data: {"choices":[{"delta":\r\ndata: {"content":"b"},"finish_reason":"stop"}]}\r\n\r\ndata: [DONE]\r\n\r\n'),
    content: 'b',
    channels: 'c',
    usage: NONE,
    finish: 'stop',
  },
  {
    name: 'usage on every chunk, several tokens in one, a silent one between',
    protocol: 'openai',
    bytes: text(
      `${chat({ role: 'assistant' }, { usage: usage(3, 0) })}${chat({ content: 'abc' }, { usage: usage(3, 3) })}${chat({ content: '' }, { usage: usage(3, 4) })}${chat({ content: 'd' }, { usage: usage(3, 5) })}${chat({}, { usage: usage(3, 6) }, 'stop')}${last(usage(3, 6))}${DONE}`,
    ),
    content: 'abcd',
    channels: 'cc',
    tokens: [3, 2],
    usage: ['every-chunk', 3, null, 6, null],
    finish: 'stop',
  },
  {
    name: 'Moonshot: usage inside the finish chunk, cached tokens at the top of it, and the same at the end of the frame',
    protocol: 'openai',
    bytes: text(
      `${chat({ reasoning_content: 'x' })}${chat({ content: 'y' })}${data({ choices: [{ delta: {}, finish_reason: 'stop', usage: usage(8, 2, { cached_tokens: 6 }) }] })}${DONE}`,
    ),
    reasoning: 'x',
    content: 'y',
    channels: 'rc',
    usage: ['finish-chunk', 8, 6, 2, null],
    finish: 'stop',
  },
  {
    name: 'usage in the finish chunk and another in the last',
    protocol: 'openai',
    bytes: text(`${chat({ content: 'y' })}${chat({}, { usage: usage(8, 2) }, 'stop')}${last(usage(8, 3))}${DONE}`),
    content: 'y',
    channels: 'c',
    usage: ['last-chunk', 8, null, 3, null],
    finish: 'stop',
    oddities: { usageDisagrees: true },
  },
  {
    name: 'fewer tokens than chunks, more reused than sent',
    protocol: 'openai',
    bytes: text(`${chat({ content: 'y' })}${chat({ content: 'z' }, {}, 'stop')}${last(usage(8, 1, { cached_tokens: 9 }))}${DONE}`),
    content: 'yz',
    channels: 'cc',
    usage: ['last-chunk', 8, 9, 1, null],
    finish: 'stop',
    oddities: { usageDisagrees: true },
  },
  {
    name: 'tool calls alone, two at once',
    protocol: 'openai',
    bytes: text(
      `${chat({ role: 'assistant', content: null })}${chat({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'ls', arguments: '' } }] })}${chat({ tool_calls: [{ index: 0, function: { arguments: '{"p":"\\u2028"' } }] })}${chat(
        {
          tool_calls: [
            { index: 0, function: { arguments: '}' } },
            { index: 1, id: 'b', function: { name: 'cat', arguments: '{}' } },
          ],
        },
      )}${chat({}, {}, 'tool_calls')}${last(usage(4, 30))}${DONE}`,
    ),
    calls: [
      ['ls', '{"p":"\\u2028"}'],
      ['cat', '{}'],
    ],
    channels: 'ttt',
    usage: ['last-chunk', 4, null, 30, null],
    finish: 'tool_calls',
  },
  {
    name: 'line separators inside the text, and everything in one chunk',
    protocol: 'openai',
    bytes: text(`${chat({ content: 'a\u2028b\u2029c\u0085d\ufffd' }, { usage: usage(4, 7) }, 'stop')}${DONE}`),
    content: 'a\u2028b\u2029c\u0085d\ufffd',
    channels: 'c',
    tokens: [7],
    usage: ['finish-chunk', 4, null, 7, null],
    finish: 'stop',
  },
  {
    name: 'a byte that is no UTF-8',
    protocol: 'openai',
    bytes: Buffer.concat([
      text('data: {"choices":[{"delta":{"content":"a'),
      Buffer.from([0xe2, 0x82]),
      text(`b"},"finish_reason":"stop"}]}\n\n${DONE}`),
    ]),
    content: 'a\ufffdb',
    channels: 'c',
    usage: NONE,
    finish: 'stop',
    oddities: { invalidText: true },
  },
  {
    name: 'malformed frames in the middle, prototype keys, a number',
    protocol: 'openai',
    bytes: text(
      `${chat({ content: 'a' })}data: {"choices": [{"delta"\n\ndata: 7\n\ndata: {"__proto__":{"error":"x"},"constructor":1}\n\n${chat({ content: 'b' }, {}, 'stop')}${DONE}`,
    ),
    content: 'ab',
    channels: 'cc',
    usage: NONE,
    finish: 'stop',
    failure: 'malformed',
    oddities: { malformedFrames: 2, malformedSample: '{"choices": [{"delta"' },
  },
  {
    name: 'no [DONE], no blank line after the last frame',
    protocol: 'openai',
    bytes: text(`${chat({ content: 'a' })}${chat({}, {}, 'stop').trimEnd()}`),
    content: 'a',
    channels: 'c',
    usage: NONE,
    finish: 'stop',
    oddities: { doneMissing: true },
  },
  {
    name: 'cut within a frame',
    protocol: 'openai',
    bytes: text(`${chat({ content: 'a' })}${chat({ content: 'b' }).slice(0, 40)}`),
    content: 'a',
    channels: 'c',
    usage: NONE,
    finish: null,
    failure: 'incomplete',
  },
  {
    name: 'an error within, in the form of vLLM',
    protocol: 'openai',
    bytes: text(`${chat({ content: 'a' })}${data({ object: 'error', message: 'out of\nmemory', code: 500 })}${DONE}`),
    content: 'a',
    channels: 'c',
    usage: NONE,
    finish: null,
    failure: 'error-in-stream',
  },
  {
    name: 'a request that the engine gave up',
    protocol: 'openai',
    bytes: text(`${chat({ content: 'a' }, {}, 'abort')}${DONE}`),
    content: 'a',
    channels: 'c',
    usage: NONE,
    finish: 'abort',
    failure: 'error-in-stream',
  },
  {
    name: 'more after [DONE]',
    protocol: 'openai',
    bytes: text(`${chat({ content: 'a' }, {}, 'stop')}${DONE}${chat({ content: 'b' })}data: {"x\n\n`),
    content: 'a',
    channels: 'c',
    usage: NONE,
    finish: 'stop',
  },
  {
    name: 'an answer in one piece',
    protocol: 'openai',
    bytes: text(
      `\n ${json({ choices: [{ message: { content: 'ab', reasoning_content: 'c' }, finish_reason: 'stop' }], usage: usage(4, 3) })}\n`,
    ),
    reasoning: 'c',
    content: 'ab',
    channels: '',
    usage: ['body', 4, null, 3, null],
    finish: 'stop',
    failure: 'not-a-stream',
  },
  {
    name: 'a page',
    protocol: 'openai',
    bytes: text(`<!doctype html>\n<p>${'é'.repeat(3000)}`),
    channels: '',
    usage: NONE,
    finish: null,
    failure: 'not-a-stream',
  },
  {
    name: 'an error in one piece',
    protocol: 'openai',
    bytes: text(json({ error: 'no model' })),
    channels: '',
    usage: NONE,
    finish: null,
    failure: 'error-in-stream',
  },
  {
    name: 'nothing',
    protocol: 'openai',
    bytes: text(''),
    channels: '',
    usage: NONE,
    finish: null,
    failure: 'incomplete',
  },
  {
    name: 'completions',
    protocol: 'completions',
    bytes: text(
      `${data({ choices: [{ index: 0, text: '' }] })}${data({ choices: [{ index: 0, text: 'a\u00a0' }] })}${data({ choices: [{ index: 0, text: 'b', finish_reason: 'length' }], usage: null })}${last(usage(2, 2))}${DONE}`,
    ),
    content: 'a\u00a0b',
    channels: 'cc',
    usage: ['last-chunk', 2, null, 2, null],
    finish: 'length',
  },
  {
    name: 'Anthropic: thinking, text and a tool; input beside what was read from the KV cache',
    protocol: 'anthropic',
    bytes: text(
      [
        event('message_start', {
          message: { usage: { input_tokens: 10, cache_read_input_tokens: 90, cache_creation_input_tokens: 5, output_tokens: 1 } },
        }),
        event('content_block_start', { index: 0, content_block: { type: 'thinking', thinking: '' } }),
        event('ping'),
        event('content_block_delta', { index: 0, delta: { type: 'thinking_delta', thinking: 'Hm é' } }),
        event('content_block_delta', { index: 0, delta: { type: 'signature_delta', signature: 'sig' } }),
        event('content_block_stop', { index: 0 }),
        event('content_block_start', { index: 1, content_block: { type: 'text', text: '' } }),
        event('content_block_delta', { index: 1, delta: { type: 'text_delta', text: 'Hi' } }),
        event('content_block_stop', { index: 1 }),
        event('content_block_start', { index: 2, content_block: { type: 'tool_use', id: 'a', name: 'ls', input: {} } }),
        event('content_block_delta', { index: 2, delta: { type: 'input_json_delta', partial_json: '' } }),
        event('content_block_delta', { index: 2, delta: { type: 'input_json_delta', partial_json: '{"p":1}' } }),
        event('message_delta', { delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 20 } }),
        event('message_stop'),
      ].join(''),
    ),
    reasoning: 'Hm é',
    content: 'Hi',
    calls: [['ls', '{"p":1}']],
    channels: 'rctt',
    usage: ['message-events', 105, 90, 20, null],
    finish: 'tool_use',
  },
  {
    name: 'Anthropic: no usage of the input until the end, no message_stop',
    protocol: 'anthropic',
    bytes: text(
      [
        event('message_start', { message: { usage: { input_tokens: 0, output_tokens: 0 } } }),
        event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hi' } }),
        event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { input_tokens: 12, output_tokens: 2 } }),
      ].join(''),
    ),
    content: 'Hi',
    channels: 'c',
    usage: ['message-events', 12, null, 2, null],
    finish: 'end_turn',
    oddities: { doneMissing: true },
  },
  {
    name: 'Anthropic: an error event',
    protocol: 'anthropic',
    bytes: text(
      `${event('message_start', { message: {} })}${event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } })}`,
    ),
    channels: '',
    usage: NONE,
    finish: null,
    failure: 'error-in-stream',
  },
  {
    name: 'Anthropic: an answer in one piece',
    protocol: 'anthropic',
    bytes: text(
      json({
        content: [
          { type: 'thinking', thinking: 'Hm', signature: 's' },
          { type: 'text', text: 'Hi' },
          { type: 'tool_use', id: 'a', name: 'ls', input: { p: 1 } },
        ],
        stop_reason: 'tool_use',
        usage: { input_tokens: 3, output_tokens: 4 },
      }),
    ),
    reasoning: 'Hm',
    content: 'Hi',
    calls: [['ls', '{"p":1}']],
    channels: '',
    usage: ['body', 3, null, 4, null],
    finish: 'tool_use',
    failure: 'not-a-stream',
  },
];
