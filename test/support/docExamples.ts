import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** `@example EXPRESSION // RESULT` of a doc block. */
export interface DocExample {
  readonly file: string;
  readonly expression: string;
  readonly result: string;
}

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));

/** The examples of all doc blocks in a room of `src/` whose file names match. */
export function docExamples(room: string, files = /\.ts$/): DocExample[] {
  const names = readdirSync(`${SOURCE}${room}`, { recursive: true, encoding: 'utf8' }).filter((name) => files.test(name));
  return names.sort().flatMap((name) =>
    [...readFileSync(`${SOURCE}${room}/${name}`, 'utf8').matchAll(/^ \* @example (.*)$/gm)].map(([, text = '']): DocExample => {
      const [expression = '', result = ''] = text.split(' // ');
      return { file: `${room}/${name}`, expression, result };
    }),
  );
}

function evaluate(expression: string, scope: Readonly<Record<string, unknown>>): unknown {
  return new Function(...Object.keys(scope), `return (${expression});`)(...Object.values(scope));
}

/** Runs an example with the names that it uses, and compares with the result that stands beside it. */
export function checkExample({ expression, result }: DocExample, scope: Readonly<Record<string, unknown>>): void {
  expect(result, 'an example says what comes out').not.toBe('');
  expect(evaluate(expression, scope)).toEqual(evaluate(result, {}));
}
