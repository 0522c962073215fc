import { afterEach, describe, expect, it, vi } from 'vitest';

describe('the examples run as they stand', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each(['fit', 'break-even', 'speed', 'cost'])('examples/%s.mjs', async (name) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await import(`../../examples/${name}.mjs`);
    expect(log.mock.calls[0]?.[0]).toMatch(/H200/);
    expect(log.mock.calls.length).toBeGreaterThan(1);
  });
});
