import { leavesOf } from '../../../cost/tokenLeaves.ts';
import { countOf, fieldOf } from '../fieldValues.ts';
import { instantOf } from '../instant.ts';
import type { UsageFormat, UsageRecord } from '../usageFormat.ts';
import { requestRow } from '../usageRow.ts';

/** The usage block of a status update, wherever the release of the tool puts it. */
export function kimiUsage(record: UsageRecord): unknown {
  const message = fieldOf(record, 'message');
  for (const at of [record, fieldOf(record, 'payload'), message, fieldOf(message, 'payload')]) {
    const usage = fieldOf(at, 'token_usage');
    if (typeof usage === 'object' && usage !== null) return usage;
  }
  return null;
}

/** `wire.jsonl` of Kimi CLI, one for each session: a status update for each message; other messages hold no usage. */
export const kimiCli: UsageFormat = {
  id: 'kimi-cli',
  name: 'Kimi CLI wire log',
  needs: ['token_usage'],
  knows: ['timestamp', 'type', 'payload', 'message', 'id', 'version'],
  open: (fields) => {
    const at = fields.field('timestamp');
    return (record) => {
      const usage = kimiUsage(record);
      if (usage === null) return null;
      const count = (name: string) => countOf(usage, name) ?? 0;
      const time = at(record);
      const counts = { input: count('input_other'), output: count('output'), cached: 'beside' } as const;
      return requestRow({
        atMs: time === undefined || time === null ? null : instantOf(time, 'timestamp').ms,
        leaves: leavesOf({ ...counts, cacheRead: count('input_cache_read'), cacheWrite: count('input_cache_creation') }, 'token_usage'),
        cachedKnown: true,
        conversation: fields.file ?? null,
      });
    };
  },
};
