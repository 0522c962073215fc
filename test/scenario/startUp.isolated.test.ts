import { describe, expect, it, vi } from 'vitest';
import { wordsIn } from '../support/scenarioText.ts';

for (const heavy of ['mathjs', 'zod'])
  vi.doMock(heavy, () => {
    throw new Error(`${heavy} was loaded`);
  });

describe('a scenario without formulas', () => {
  it('loads neither mathjs nor zod', async () => {
    expect(await wordsIn('kplan: 1\nvariables: { a: 3 }\nworkload: { users: 120..180 }\n')).toEqual({ users: '120..180' });
    await expect(wordsIn('kplan: 1\nworkload: { users: =3 }\n')).rejects.toThrow();
  });
});
