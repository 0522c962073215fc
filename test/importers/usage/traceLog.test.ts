import { describe, expect, it } from 'vitest';
import { TraceLog } from '../../../src/importers/usage/traceLog.ts';
import type { UsageFormat } from '../../../src/importers/usage/usageFormat.ts';
import { requestRow, SHARED_BLOCKS, type UsageRow } from '../../../src/importers/usage/usageRow.ts';

const FORMAT: UsageFormat = { id: 'x', name: 'x', needs: [], knows: [], open: () => () => null };
const BLOCKS: UsageFormat = { ...FORMAT, blockTokens: 512 };

const row = (more: Partial<UsageRow> & { input?: number; output?: number } = {}): UsageRow => {
  const { input = 100, output = 10, ...rest } = more;
  const leaves = { uncached: input, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output, thinking: 0 };
  return requestRow({ atMs: 0, leaves, ...rest });
};

function logged(rows: readonly UsageRow[], format = FORMAT): TraceLog {
  const log = new TraceLog(262_144);
  for (const each of rows) log.add(each, format);
  return log;
}

describe('requests of files as a trace', () => {
  it('are in the order of time, with all their input, cached or not', () => {
    const cached = { ...row({ atMs: 5 }).leaves, uncached: 7, cacheRead: 20, cacheWrite: 3 };
    const trace = logged([row({ atMs: 9 }), { ...row({ atMs: 5 }), leaves: cached }]).trace('mine', 1000);
    expect(trace).toMatchObject({ name: 'mine', blockTokens: null, quantumMs: 1000, oneClock: true });
    expect(trace.requests).toEqual([
      { atMs: 5, inputTokens: 30, outputTokens: 10, blocks: null, conversation: null },
      { atMs: 9, inputTokens: 100, outputTokens: 10, blocks: null, conversation: null },
    ]);
  });

  it('leave out and count what cannot be played', () => {
    const log = logged([
      row({ requests: 5 }),
      row({ requests: null }),
      row({ spanMs: 3600 }),
      row({ spanMs: null }),
      row({ output: 0 }),
      row({ input: 0 }),
      row({ atMs: null }),
      row(),
      row(),
    ]);
    expect(log.leftOut).toBe(7);
    expect(log.trace('mine', null).requests).toHaveLength(2);
  });

  it('keep the blocks that all requests share, and no others', () => {
    const shared = row({ blocks: [1, 2], blockScope: SHARED_BLOCKS });
    expect(logged([shared, shared], BLOCKS).trace('mine', null)).toMatchObject({ blockTokens: 512, requests: [{ blocks: [1, 2] }, {}] });
    const own = row({ blocks: [1, 2], blockScope: 'session 1' });
    expect(logged([own, own], BLOCKS).trace('mine', null)).toMatchObject({ blockTokens: null, requests: [{ blocks: null }, {}] });
    expect(logged([shared, shared]).trace('mine', null).blockTokens).toBeNull();
  });

  it('tell a helper from the conversation that calls it', () => {
    const { requests } = logged([row({ conversation: 'a' }), row({ conversation: 'a', isAside: true }), row({ conversation: '' })]).trace(
      'mine',
      null,
    );
    expect(new Set(requests.map(({ conversation }) => conversation)).size).toBe(3);
    expect(requests[2]?.conversation).toBeNull();
  });

  it('have clocks of their own, all or none', () => {
    const own = row({ atMs: null, sinceStartMs: 3, conversation: 'a' });
    expect(logged([own, own]).trace('mine', null)).toMatchObject({ oneClock: false, requests: [{ atMs: 3 }, { atMs: 3 }] });
    expect(() => logged([own, row()]).trace('mine', null)).toThrow('have their own');
    expect(() => logged([row()]).trace('mine', null)).toThrow('no requests that can be played');
    expect(() => logged([]).trace('mine', null)).toThrow('mine');
  });
});
