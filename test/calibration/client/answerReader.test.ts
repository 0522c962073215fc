import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerReader } from '../../../src/calibration/client/answerReader.ts';
import { PROTOCOLS, type ProtocolName } from '../../../src/calibration/client/protocols/protocol.ts';
import { redactor } from '../../../src/calibration/client/secrets.ts';
import { STREAMS, type StreamFixture } from '../../support/streamFixtures.ts';

/** Everything of an answer but its times. */
function read(protocol: ProtocolName, pieces: readonly Uint8Array[]) {
  const reader = new AnswerReader(PROTOCOLS[protocol], redactor([]), 1000);
  const more = pieces.every((piece, index) => reader.feed(piece, index));
  if (more) reader.end(pieces.length);
  const { chunks, usage, answer, finishReason, firstAnswerMs } = reader.tally;
  return {
    chunks: chunks.map(({ tokens, channel }) => ({ tokens, channel })),
    answered: firstAnswerMs !== null,
    usage,
    answer,
    finishReason,
    failure: reader.failure,
    oddities: reader.oddities,
  };
}

/** Cuts bytes at the places, which are in order. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}

const NO_ODDITIES = { malformedFrames: 0, malformedSample: null, invalidText: false, usageDisagrees: false, doneMissing: false };

/** What the reader by hand says, in the form of the other. */
function byHand({ reasoning = '', content = '', calls = [], channels, tokens, usage, finish, failure, oddities }: StreamFixture) {
  const [place, inputTokens, cachedTokens, outputTokens, reasoningTokens] = usage;
  const names = { c: 'content', r: 'reasoning', t: 'tool' } as const;
  return {
    chunks: [...channels].map((letter, index) => ({ tokens: tokens?.[index] ?? null, channel: names[letter as 'c' | 'r' | 't'] })),
    answered: /[ct]/.test(channels),
    usage: { place, inputTokens, cachedTokens, outputTokens, reasoningTokens },
    answer: { role: 'assistant', reasoning, content, toolCalls: calls.map(([name, text]) => ({ name, arguments: text })) },
    finishReason: finish,
    failure: failure ? { code: failure } : null,
    oddities: oddities ? { ...NO_ODDITIES, ...oddities } : null,
  };
}

describe.each(STREAMS)('$name', (stream) => {
  const { protocol, bytes } = stream;
  const whole = read(protocol, [bytes]);

  it('reads as by hand', () => {
    expect(whole).toMatchObject(byHand(stream));
  });

  it('reads the same cut at every byte, each alone and all at once', () => {
    for (let at = 0; at <= bytes.length; at++) expect(read(protocol, cut(bytes, [at]))).toEqual(whole);
    expect(
      read(
        protocol,
        [...bytes].map((byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(whole);
  });

  it('reads the same cut anywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (places) => {
        expect(
          read(
            protocol,
            cut(
              bytes,
              [...places].sort((a, b) => a - b),
            ),
          ),
        ).toEqual(whole);
      }),
    );
  });
});

describe('the reader', () => {
  it('gives the chunk the time at which its end was there, whatever ends its lines', () => {
    for (const end of ['\n', '\r', '\r\n']) {
      const reader = new AnswerReader(PROTOCOLS.openai, redactor([]), 1000);
      const frame = (content: string) => Buffer.from(`data: {"choices":[{"delta":{"content":"${content}"}}]}${end}${end}`);
      reader.feed(frame('a'), 10);
      reader.feed(frame('b'), 20);
      expect(reader.tally.chunks.map(({ ms }) => ms)).toEqual([10, 20]);
    }
  });

  it('stops at an event that is too long, wherever it is cut, and keeps what came before', () => {
    const head = 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n';
    const bytes = Buffer.from(`${head}data: ${'x'.repeat(2 ** 20)}\n\n${head}`);
    const whole = read('openai', [bytes]);
    expect(whole).toMatchObject({ failure: { code: 'malformed' }, chunks: [{ channel: 'content' }] });
    for (const at of [10, head.length, head.length + 9, 2 ** 20, 2 ** 20 + head.length + 5, 2 ** 20 + head.length + 6])
      expect(read('openai', cut(bytes, [at]))).toEqual(whole);
  });

  it('counts the lines of an event together, and none after its end', () => {
    const line = `data: ${'x'.repeat(300_000)}\n`;
    const three = Buffer.from(`${line}${line}${line}\n`.repeat(3));
    expect(read('openai', [three]).failure?.message).toContain('3 frames are no JSON');
    expect(read('openai', [Buffer.from(line.repeat(4))]).failure?.message).toContain('longer than');
  });

  it('stops at an answer far longer than asked, by its chunks or by what they count, wherever it is cut', () => {
    const chunk = (tokens: number | null) =>
      `data: {"choices":[{"delta":{"content":"word"}}]${tokens === null ? '' : `,"usage":{"prompt_tokens":1,"completion_tokens":${tokens}}`}}\n\n`;
    for (const [each, most] of [
      [(at: number) => chunk(at + 1), 1532],
      [() => chunk(null), 1532],
      [(at: number) => chunk(100 * (at + 1)), 15],
    ] as const) {
      const text = Array.from({ length: 2 * most }, (_, at) => each(at)).join('');
      const whole = read('openai', [Buffer.from(`${text}data: [DONE]\n\n`)]);
      expect([whole.failure?.code, whole.chunks.length]).toEqual(['too-long', most + 1]);
      for (const at of [7, text.length >> 1, text.length - 3])
        expect(read('openai', cut(Buffer.from(`${text}data: [DONE]\n\n`), [at]))).toEqual(whole);
    }
    const within = Array.from({ length: 1532 }, () => chunk(null)).join('');
    expect(read('openai', [Buffer.from(`${within}data: {"choices":[{"finish_reason":"stop"}]}\n\n`)]).failure).toBeNull();
    // A proxy that cuts a thousand tokens into single characters sends four times as many chunks.
    const characters = Array.from({ length: 4000 }, () => 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n').join('');
    expect(read('openai', [Buffer.from(`${characters}data: {"choices":[{"finish_reason":"stop"}]}\n\n`)]).failure).toBeNull();
  });

  it('stops at 64 MB', () => {
    const reader = new AnswerReader(PROTOCOLS.openai, redactor([]), 1000);
    const piece = Buffer.from(`${`: ${'x'.repeat(65_533)}\n`.repeat(8)}\n`);
    let pieces = 0;
    while (reader.feed(piece, 0)) pieces++;
    expect(pieces).toBe(Math.floor(2 ** 26 / piece.length));
    expect(reader.failure?.message).toBe('the answer is larger than 67108864 bytes');
  });

  it('reads many small pieces of one long line without reading it again for each', () => {
    const reader = new AnswerReader(PROTOCOLS.openai, redactor([]), 1000);
    const piece = Buffer.from('x'.repeat(10));
    reader.feed(Buffer.from('data: "'), 0);
    for (let n = 0; n < 100_000; n++) reader.feed(piece, n);
    reader.feed(Buffer.from('"\n\n'), 0);
    expect(reader.oddities?.malformedFrames).toBe(1);
  });

  it('shortens a sample after the key is out of it', () => {
    const reader = new AnswerReader(PROTOCOLS.openai, redactor(['sk-abcdefghijklmnopqrstuvwxyz']), 1000);
    reader.feed(Buffer.from(`data: ${'x'.repeat(70)}sk-abcdefghijklmnopqrstuvwxyz\n\n`), 0);
    expect(reader.oddities?.malformedSample).toContain('[key]');
    expect(reader.oddities?.malformedSample).not.toContain('sk-');
  });

  it('passes over anything after [DONE], however long', () => {
    const done = 'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
    expect(read('openai', [Buffer.from(`${done}data: ${'x'.repeat(2 ** 21)}`)]).failure).toBeNull();
  });

  it('leaves prototypes alone', () => {
    read('openai', [Buffer.from('data: {"__proto__":{"polluted":1},"choices":[{"delta":{"__proto__":{"polluted":1}}}]}\n\n')]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
