import { leavesOf } from '../../../cost/tokenLeaves.ts';
import { Fault } from '../../../faults/fault.ts';
import { nearestNames } from '../../../faults/nearest.ts';
import { amountIn, countField, optionalCount, textIn, timeField } from '../fieldValues.ts';
import type { UsageFormat } from '../usageFormat.ts';
import { requestRow } from '../usageRow.ts';

const PARTS = [
  'input',
  'output',
  'time',
  'cached',
  'cached-inside',
  'cache-write',
  'reasoning',
  'cost',
  'model',
  'requests',
  'conversation',
] as const;
export type Part = (typeof PARTS)[number];
const FORM = 'such as input=prompt,output=completion,time=at,cached=hit,cached-inside=yes,cost=usd,model=name';

function refused(reason: string, value: string, nearest: readonly string[] = []): Fault {
  return new Fault('invalid', reason, { where: '--columns', value, allowed: FORM, nearest });
}

/** Reads `input=prompt_tokens,output=…` into a column for each part. */
export function columnParts(text: string): Map<Part, string> {
  const found = new Map<Part, string>();
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    const [name, column] = [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()];
    const part = PARTS.find((each) => each === name);
    if (part === undefined) throw refused('no such part of usage', pair, nearestNames(name, PARTS));
    const taken = part !== 'cached-inside' && [...found].some(([other, name]) => other !== 'cached-inside' && name === column);
    if (found.has(part) || column === '' || taken) throw refused('each part is one column of its own', pair);
    found.set(part, column);
  }
  for (const part of ['input', 'output'] as const) if (!found.has(part)) throw refused(`${part} is missing`, text);
  const inside = found.get('cached-inside') ?? 'yes';
  if (!/^(yes|no)$/.test(inside)) throw refused('cached-inside is yes or no', inside);
  return found;
}

/**
 * A format of the user's own: which column holds what. Cached tokens are inside the input unless `cached-inside=no`; a row is a request
 * unless a column of requests is named.
 *
 * @param text the value of `--columns`
 * @throws Fault `invalid` for a part that kplan does not know, that is named twice, or where input or output is missing
 */
export function mappedFormat(text: string): UsageFormat {
  const parts = columnParts(text);
  const insideWord = parts.get('cached-inside') ?? 'yes';
  parts.delete('cached-inside');
  return {
    id: 'columns',
    name: 'columns as named',
    needs: [...parts.values()],
    knows: [],
    open: (fields) => {
      const column = (part: Part) => parts.get(part);
      const optional = (part: Part) => optionalCount(fields, column(part) ?? '');
      const [input, output] = [countField(fields, column('input') ?? ''), countField(fields, column('output') ?? '')];
      const [cached, write, thinking] = [optional('cached'), optional('cache-write'), optional('reasoning')];
      const [cost, model] = [fields.field(column('cost') ?? ''), fields.field(column('model') ?? '')];
      const time = column('time');
      const at = time === undefined ? () => null : timeField(fields, time);
      const conversation = column('conversation');
      const whose = fields.field(conversation ?? '');
      const many = column('requests');
      const requests = many === undefined ? () => 1 : countField(fields, many);
      const where = column('cached') ?? column('input') ?? '';
      return (record) => {
        const [cacheRead, inThought] = [cached(record), thinking(record)];
        return requestRow({
          atMs: at(record),
          spanMs: many === undefined ? 0 : null,
          requests: requests(record),
          leaves: leavesOf(
            {
              input: input(record),
              output: output(record),
              cacheRead: cacheRead ?? 0,
              cacheWrite: write(record) ?? 0,
              thinking: inThought ?? 0,
              cached: insideWord === 'yes' ? 'inside' : 'beside',
            },
            where,
          ),
          cachedKnown: cacheRead !== null,
          thinkingKnown: inThought !== null,
          model: column('model') === undefined ? null : textIn(model(record)),
          conversation: conversation === undefined ? null : (textIn(whose(record)) ?? ''),
          costUsd: column('cost') === undefined ? null : amountIn(cost(record), column('cost') ?? ''),
        });
      };
    },
  };
}
