import { basename } from 'node:path';
import { readInputFile } from '../../catalog/inputFile.ts';
import { utf8Text } from '../../catalog/utf8Text.ts';
import { Fault } from '../../faults/fault.ts';
import type { Workload } from '../../workload/workload.ts';
import type { JsonPath } from '../shared/jsonPath.ts';
import { readPlacedJson } from '../shared/placedJson.ts';
import { fieldOf } from './fieldValues.ts';
import { type WorkloadDocument, workloadDocument } from './workloadDocument.ts';
import { workloadFlaw } from './workloadFlaw.ts';

const MOST_MIB = 16;
const WRITTEN_BY = 'a file that `kplan import workload FILE… --out` wrote';

/**
 * Reads a workload that `kplan import workload` wrote.
 *
 * @param path of a JSON file
 * @throws Fault `missing` where there is none, `invalid` with the line and the field where it is no workload, `contradiction` where its
 *   figures do not agree
 */
export function readWorkloadDocument(path: string): WorkloadDocument {
  const { bytes } = readInputFile(path, { kind: WRITTEN_BY, remedy: 'a workload is small', mostMiB: MOST_MIB });
  const { value, linesOf } = readPlacedJson(utf8Text(bytes, path, 'JSON'), path);
  const { data, error } = workloadDocument.safeParse(value);
  const place = (at: JsonPath) => `${path}:${linesOf([at])[0] ?? 1}${at.length > 0 ? `: ${at.join('.')}` : ''}`;
  if (!data) {
    const [issue] = error.issues;
    const at = (issue?.path ?? []).filter((step): step is string | number => typeof step !== 'symbol');
    throw new Fault('invalid', `not a workload: ${issue?.message ?? 'broken'}`, {
      where: place(at),
      ...seenAt(value, at),
      allowed: WRITTEN_BY,
    });
  }
  const flaw = workloadFlaw(data);
  if (flaw) throw new Fault('contradiction', flaw.reason, { where: place(flaw.path), value: flaw.value, allowed: flaw.allowed });
  return data;
}

/** The number or text that stands at a path. */
function seenAt(document: unknown, path: JsonPath): { readonly value?: unknown } {
  const value = path.reduce<unknown>((inner, step) => fieldOf(inner, String(step)), document);
  return typeof value === 'number' || typeof value === 'string' ? { value } : {};
}

/** A mean without digits that nobody reads. */
function toHundredth(tokens: number): number {
  return Math.max(Number(tokens.toFixed(2)), 0.01);
}

/**
 * A workload file as the workload of a question.
 *
 * @param path its name there is the file's
 * @param source the id of its source
 * @throws Fault `missing` where nobody counted the requests
 */
export function workloadIn(document: WorkloadDocument, path: string, source: string): Workload {
  const { arrivals, lengths, conversations } = document;
  if (document.inputTokens === null || document.outputTokens === null)
    throw new Fault('missing', 'tokens per request are not known: its rows do not count requests', {
      where: path,
      allowed: 'an import with --requests N',
    });
  const [inputTokens, outputTokens] = [toHundredth(document.inputTokens), toHundredth(document.outputTokens)];
  const name = basename(path);
  return {
    id: name,
    name: `own traffic (${name})`,
    aliases: [],
    inputTokens,
    outputTokens,
    reuse: document.reuse,
    reuseCurve: document.reuseCurve,
    reuseCurveRequestsPerSecond: document.reuseCurveRequestsPerSecond,
    requestsPerSecond: arrivals?.requestsPerSecond ?? null,
    requestsPerUserHour: conversations?.requestsPerActiveHour ?? null,
    requestsPerTask: conversations && { name: 'conversation', requests: conversations.requestsPerConversation },
    lengths: lengths.length > 0 ? lengths : [{ share: 1, inputTokens, outputTokens }],
    gapCv: arrivals?.gapCv ? { low: arrivals.gapCv, value: arrivals.gapCv, high: arrivals.gapCv } : null,
    hours: arrivals?.hours ?? null,
    conversations: conversations?.shape ?? null,
    concurrencyPerUser: conversations?.concurrency ?? null,
    thinkingShare: document.thinkingShare,
    trafficOf: null,
    note: document.note,
    licence: 'your own',
    source,
  };
}
