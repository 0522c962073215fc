import { Fault, inert } from '../../faults/fault.ts';
import { nearestNames } from '../../faults/nearest.ts';
import { agenticRequests, agenticSessions } from './formats/agentic.ts';
import { anthropicConsole } from './formats/anthropic.ts';
import { azureTrace } from './formats/azure.ts';
import { ccusage } from './formats/ccusage.ts';
import { kimiCli } from './formats/kimiCli.ts';
import { langfuse } from './formats/langfuse.ts';
import { liteLlmDaily, liteLlmSpendLogs } from './formats/liteLlm.ts';
import { mooncakeTrace } from './formats/mooncake.ts';
import { openAiUsage } from './formats/openAi.ts';
import { openRouterApi, openRouterCsv } from './formats/openRouter.ts';
import { warehouseSummary } from './sql/summaryFormat.ts';
import type { UsageFormat } from './usageFormat.ts';

/** Formats that are known by their fields, the ones with more telling fields first. */
const FORMATS: readonly UsageFormat[] = [
  ...[
    warehouseSummary,
    azureTrace,
    mooncakeTrace,
    agenticRequests,
    agenticSessions,
    openAiUsage,
    anthropicConsole,
    liteLlmSpendLogs,
    liteLlmDaily,
  ],
  ...[openRouterCsv, openRouterApi, langfuse, ccusage, kimiCli],
];

const SERVEGEN = 'a trace of requests, or the preset reasoning-r1, which is made of both ServeGen files of DeepSeek R1';

/** Files of the same makers that hold something else. */
const OTHERS: readonly (readonly [needs: readonly string[], reason: string, allowed: string])[] = [
  [['amount_value', 'line_item'], 'this is a cost export of OpenAI, which holds no tokens', 'the usage export of the same page'],
  [['BilledCost', 'ConsumedQuantity'], 'this is a bill in FOCUS, which holds no requests', 'the usage export of the provider'],
  [['rate_rps', 'cv_interarrival'], 'these are rates of ServeGen, which hold no tokens', SERVEGEN],
  [['client', 'window_start_s', 'field', 'p50'], 'these are lengths of ServeGen, which hold no requests', SERVEGEN],
];

const MOST_LISTED = 30;

/** Names of a file's fields as a message lists them. */
function listed(names: readonly string[]): string {
  const first = names.slice(0, MOST_LISTED).map(inert).join(', ');
  return names.length > MOST_LISTED ? `${first} and ${names.length - MOST_LISTED} more` : first;
}

function closest(names: readonly string[]): { readonly format: UsageFormat; readonly lacks: readonly string[] } | null {
  const scored = FORMATS.map((format) => ({ format, lacks: format.needs.filter((need) => !names.includes(need)) }))
    .filter(({ format, lacks }) => lacks.length <= format.needs.length / 2)
    .sort((a, b) => a.lacks.length - b.lacks.length);
  return scored[0] ?? null;
}

/** The format that has all its telling fields among these; null where none has. */
export function formatOf(names: readonly string[]): UsageFormat | null {
  const there = new Set(names);
  return FORMATS.find(({ needs }) => needs.every((need) => there.has(need))) ?? null;
}

/** Why a file with these fields is of no known format, with what comes close. */
export function unknownFormat(path: string, names: readonly string[]): Fault {
  const [, reason, allowed] = OTHERS.find(([needs]) => needs.every((need) => names.includes(need))) ?? [];
  if (reason !== undefined) return new Fault('unsupported', reason, { where: path, ...(allowed === undefined ? {} : { allowed }) });
  const near = closest(names);
  return new Fault('unknown', `no known format of usage; it has ${names.length === 0 ? 'no fields' : listed(names)}`, {
    where: path,
    allowed: near
      ? `${near.format.name} needs ${near.lacks.join(', ')} too; --columns names columns of any other table`
      : '--columns input=…,output=… names the columns',
    nearest: near?.lacks.flatMap((lack) => nearestNames(lack, names, 1)) ?? [],
  });
}

/** Refuses a file whose fields do not hold those that the user named. */
export function checkNamed(path: string, { needs }: UsageFormat, names: readonly string[]): void {
  const missing = needs.find((need) => !names.includes(need));
  if (missing === undefined) return;
  throw new Fault('missing', 'no such column', {
    where: `${path}: --columns`,
    value: missing,
    allowed: listed(names),
    nearest: nearestNames(missing, names),
  });
}
