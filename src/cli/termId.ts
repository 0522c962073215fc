import { Fault } from '../faults/fault.ts';

/** What an id of `kplan explain` says: the command, its options, the row of the answer and the term. */
export interface TermId {
  readonly command: 'fit' | 'breakeven' | 'cost';
  readonly options: readonly (readonly [name: string, value: string])[];
  readonly row: readonly string[];
  readonly term: string;
}

const encode = (text: string) => encodeURIComponent(text).replace(/%40/g, '@').replace(/%2B/g, '+');

/**
 * Writes an id: `fit/contextTokens=128k/a100-80-sxm/16/tp8-pp2/kvTokens`; `-` stands for no options.
 * It carries the whole question, so that `explain` needs nothing else.
 */
export function formatTermId({ command, options, row, term }: TermId): string {
  const question = options.map(([name, value]) => `${name}=${encode(value)}`).join(',');
  return [command, question || '-', ...row, term].join('/');
}

/**
 * Reads an id that `--ids` printed.
 *
 * @throws Fault `invalid` where it is not one
 */
export function parseTermId(text: string): TermId {
  const [command, question, ...rest] = text.split('/');
  const term = rest.pop();
  const malformed = () =>
    new Fault('invalid', 'not an id', {
      where: 'ID',
      value: text,
      allowed: 'an id that `kplan fit --ids`, `kplan breakeven --ids` or `kplan cost --ids` prints',
    });
  if ((command !== 'fit' && command !== 'breakeven' && command !== 'cost') || question === undefined || !term) throw malformed();
  try {
    const options =
      question === '-'
        ? []
        : question.split(',').map((part): [string, string] => {
            const [name = '', value] = part.split('=');
            if (!/^[a-zA-Z]+$/.test(name) || value === undefined) throw malformed();
            return [name, decodeURIComponent(value)];
          });
    return { command, options, row: rest, term };
  } catch {
    throw malformed();
  }
}
