import { parse, YAMLParseError } from 'yaml';
import { utf8Text } from '../../catalog/utf8Text.ts';
import { Fault } from '../../faults/fault.ts';
import { csvRecords } from '../shared/csvRecords.ts';
import { type JsonPart, readJsonObjects } from '../shared/jsonObjects.ts';
import { attempted } from '../shared/refusal.ts';
import { isAiPerf, readAiPerf } from './aiPerf.ts';
import { isAiPerfCsv, readAiPerfCsv } from './aiPerfCsv.ts';
import { BenchFields } from './benchFields.ts';
import type { BenchRun } from './benchRun.ts';
import { isGuideLlm, readGuideLlm } from './guideLlm.ts';
import { isGuideLlmCsv, readGuideLlmCsv } from './guideLlmCsv.ts';
import { isInferenceX, readInferenceX } from './inferenceX.ts';
import { isSglangServing, readSglangServing } from './sglangServing.ts';
import { isVllmServe, readVllmServe } from './vllmServe.ts';

/** A run, or why there is none. */
export type Reading = BenchRun | Fault;

const KNOWN = 'a result of vllm bench serve, SGLang bench_serving, GuideLLM, AIPerf, genai-perf or InferenceX';

/** Beyond these a table or a YAML file is no summary of runs. */
const LARGEST_TABLE = 2 ** 26;
const LARGEST_YAML = 2 ** 25;

/** What reads the runs of an object, by its shape; null where no tool writes such. */
function readersOf(fields: BenchFields): (() => BenchRun)[] | null {
  if (isInferenceX(fields)) return [() => readInferenceX(fields)];
  if (isSglangServing(fields)) return [() => readSglangServing(fields)];
  if (isVllmServe(fields)) return [() => readVllmServe(fields)];
  if (isGuideLlm(fields)) return readGuideLlm(fields);
  return isAiPerf(fields) ? [() => readAiPerf(fields)] : null;
}

function unknownShape(where: string, value: string): Fault {
  return new Fault('invalid', 'no known tool writes such a file', { where, value, allowed: KNOWN });
}

function objectRuns(value: unknown, where: string): Reading[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  try {
    return readersOf(BenchFields.of(value, where))?.map((read) => attempted(read)) ?? null;
  } catch (error) {
    if (error instanceof Fault) return [error];
    throw error;
  }
}

/** Readings of the objects of a file; those of unknown shape are told once. */
function jsonRuns(parts: readonly JsonPart[], name: string): Reading[] {
  const unknown: string[] = [];
  const readings = parts.flatMap((part, index): Reading[] => {
    if (part.kind === 'fault') return [part.fault];
    const where = parts.length === 1 ? name : `${name}:${part.line}, object ${index + 1}`;
    const runs = objectRuns(part.value, where);
    if (!runs) unknown.push(where);
    return runs ?? [];
  });
  const [first] = unknown;
  const seen = unknown.length === 1 ? 'JSON of another shape' : `${unknown.length} objects of another shape`;
  return first === undefined ? readings : [...readings, unknownShape(first, seen)];
}

function yamlRuns(text: string, name: string): Reading[] {
  if (text.length > LARGEST_YAML)
    throw new Fault('invalid', 'too large for YAML', { where: name, allowed: 'at most 32 MiB; the JSON report may be larger' });
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 1000, prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    const line = error instanceof YAMLParseError ? `:${text.slice(0, error.pos[0]).split('\n').length}` : '';
    throw new Fault('invalid', 'not YAML', { where: `${name}${line}`, allowed: 'YAML that is whole, with at most 1000 aliases' });
  }
  return objectRuns(document, name) ?? [unknownShape(name, 'YAML of another shape')];
}

function tableRuns(text: string, name: string): Reading[] {
  if (text.length > LARGEST_TABLE) throw new Fault('invalid', 'too large for a table', { where: name, allowed: 'at most 64 MiB' });
  const records = csvRecords(text, name);
  if (isGuideLlmCsv(records)) return readGuideLlmCsv(records, name).map((read) => attempted(read));
  return isAiPerfCsv(records) ? [attempted(() => readAiPerfCsv(records, name))] : [unknownShape(name, 'CSV of another shape')];
}

function runsIn(text: string, name: string): Reading[] {
  const start = text.search(/\S|$/);
  if (text[start] === '{' || text[start] === '[' || start >= text.length) return jsonRuns(readJsonObjects(text, name), name);
  const line = text.slice(start, start + 4096).split('\n')[0] ?? '';
  if (/^[\w"-]+:(?:\s|$)/.test(line)) return yamlRuns(text, name);
  if (line.includes(',')) return tableRuns(text, name);
  return /\n[{[]/.test(text) ? jsonRuns(readJsonObjects(text, name), name) : [unknownShape(name, 'a text of another shape')];
}

/**
 * The runs that a result file holds, recognised by the shape of what is in it, never by its name.
 *
 * @param bytes the whole file
 * @param name the file, for messages
 * @returns a run, or the fault that it ends in, for each object, benchmark or row
 */
export function readRuns(bytes: Uint8Array, name: string): Reading[] {
  try {
    return runsIn(utf8Text(bytes, name, 'JSON, CSV or YAML'), name);
  } catch (error) {
    if (error instanceof Fault) return [error];
    throw error;
  }
}
