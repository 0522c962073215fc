import { leavesOf } from '../../../cost/tokenLeaves.ts';
import { DAY_MS } from '../../../units/time.ts';
import { amountIn, countOf, fieldOf, textIn, timeField } from '../fieldValues.ts';
import { instantOf } from '../instant.ts';
import type { UsageFormat } from '../usageFormat.ts';
import { REQUEST, type UsageRow } from '../usageRow.ts';

function leavesIn(part: unknown) {
  const count = (name: string) => countOf(part, name) ?? 0;
  return leavesOf(
    {
      input: count('inputTokens'),
      output: count('outputTokens'),
      cacheRead: count('cacheReadTokens'),
      cacheWrite: count('cacheCreationTokens'),
      cached: 'beside',
    },
    'inputTokens',
  );
}

/** `ccusage --json`: days or sessions, by model where it breaks them down, and no count of requests. */
export const ccusage: UsageFormat = {
  id: 'ccusage',
  name: 'ccusage',
  needs: ['inputTokens', 'outputTokens', 'cacheCreationTokens', 'cacheReadTokens'],
  knows: [
    ...['date', 'month', 'week', 'sessionId', 'session', 'projectPath', 'project', 'firstActivity', 'lastActivity', 'totalTokens'],
    ...['totalCost', 'costUSD', 'modelsUsed', 'models', 'modelBreakdowns', 'credits', 'versions'],
  ],
  open: (fields) => {
    const [day, last] = [fields.has('date') ? timeField(fields, 'date') : null, fields.field('lastActivity')];
    const [breakdowns, first] = [fields.field('modelBreakdowns'), fields.field('firstActivity')];
    const [total, other] = [fields.field('totalCost'), fields.field('costUSD')];
    return (record) => {
      const end = last(record);
      const ended = day || end === undefined || end === null ? null : instantOf(end, 'lastActivity').ms;
      const begun = ended === null || !textIn(first(record)) ? null : instantOf(first(record), 'firstActivity').ms;
      const common = {
        ...REQUEST,
        atMs: day ? day(record) : (begun ?? ended),
        spanMs: day ? DAY_MS : ended === null ? null : ended - (begun ?? ended),
        requests: null,
        cachedKnown: true,
      };
      const parts = breakdowns(record);
      if (!Array.isArray(parts) || parts.length === 0)
        return { ...common, leaves: leavesIn(record), costUsd: amountIn(total(record) ?? other(record), 'totalCost') };
      return parts.map(
        (part): UsageRow => ({
          ...common,
          leaves: leavesIn(part),
          model: textIn(fieldOf(part, 'modelName')),
          costUsd: amountIn(fieldOf(part, 'cost'), 'cost'),
        }),
      );
    };
  },
};
