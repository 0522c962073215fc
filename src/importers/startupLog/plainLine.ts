import type { LogLine } from './logLines.ts';

/** A line without colours and prefixes, and the rank that wrote it. */
export interface PlainLine {
  readonly number: number;
  /** What the engine said, without colours, times, levels and process names; its first 2,000 characters. */
  readonly text: string;
  /** All of it, for arguments. */
  readonly whole: string;
  /** The process, as the line names it; empty where it names none. */
  readonly rank: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours and titles of terminals are what is removed
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** What stands before a message: container names, clocks, levels, source lines and processes; each alternative is anchored and short. */
const PREFIXES: readonly RegExp[] = [
  /^\s+/,
  // a progress bar, behind which another process may have written: `Loading: 50%|## | 1/2 [00:01<00:01, 1.02it/s]`
  /^[^[]{0,200}\d\/\d+ \[[\d:?]+<[^\]]{1,40}\]/,
  // docker compose, kubectl and mpirun: `vllm-1  | `, `[pod/x/y] `, `[1,0]<stdout>:`
  /^[\w.-]{1,64} +\| ?/,
  /^\[pod\/[^\]]{1,120}\] ?/,
  /^\[\d+,\d+\]<std(?:out|err)>:/,
  // clocks: `2026-06-11T04:11:07.123Z`, `2026-06-11 04:11:07,123 - `, `0.00.926 I ` (llama.cpp)
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?(?: -)?/,
  /^\d+\.\d\d\.\d{3}(?:\.\d{3})? [DEIWT] /,
  // processes of vLLM: `(Worker_TP0 pid=350)`, `(EngineCore_DP0 pid=1)`, `(VllmWorker rank=3 pid=9)`, `(RayWorkerWrapper pid=2, ip=10.0.0.1)`
  /^\((?<process>[A-Z]\w{2,40}(?: rank=\d+)? pid=\d+(?:, ip=[\w.:]+)?)\)/,
  // `[rank3]:`, `[RANK 0]`
  /^\[(?<torch>rank ?\d+)\]:?/i,
  // SGLang: `[2026-06-11 04:13:45 DP0 TP1 EP1]`
  /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?<ranks>(?: [A-Z_]+\d+)*)\]/,
  // TensorRT-LLM: `[TensorRT-LLM][INFO]`, `[07/09/2025-03:23:09] [TRT-LLM] [I]`
  /^\[\d\d\/\d\d\/\d{4}-\d\d:\d\d:\d\d\]/,
  /^\[TensorRT-LLM\] ?\[(?:INFO|WARNING|ERROR|DEBUG)\]/,
  /^\[TRT-LLM\]/,
  /^\[[IWEDV]\]/,
  // Python's levels and vLLM's source line: `INFO 05-12 02:45:10 [core.py:58]`, `WARNING server_args.py:1780:`
  /^(?:INFO|WARNING|ERROR|DEBUG|CRITICAL)(?: \d\d-\d\d \d\d:\d\d:\d\d)? ?(?=[[:]| \S)/,
  /^\[[\w./-]{1,80}\.py:\d+\]/,
  /^[\w./-]{1,80}\.py:\d+[:\]]/,
  /^:/,
];

/** No sentence of an engine is longer, and the time that a pattern takes is bounded. */
const LONGEST_TEXT = 2000;

/** Prefixes that are taken off at most; a line of nothing else is not read further. */
const MOST_PREFIXES = 16;

/**
 * Takes colours and prefixes off a line.
 *
 * @example plainLine({ number: 7, text: '(Worker_TP3 pid=9) INFO 06-10 20:02:38 [gpu_worker.py:466] All well' }).text // 'All well'
 */
export function plainLine({ number, text }: LogLine): PlainLine {
  let rest = text.includes('\u001b') ? text.replace(ESCAPES, '') : text;
  let rank = '';
  for (let taken = 0; taken < MOST_PREFIXES; taken++) {
    const found = firstPrefix(rest);
    if (!found) break;
    const { process, torch, ranks } = found.groups ?? {};
    rank ||= process ?? torch ?? ranks?.trim() ?? '';
    rest = rest.slice(found[0].length);
  }
  const whole = rest.trimEnd();
  return { number, rank, text: whole.slice(0, LONGEST_TEXT), whole };
}

function firstPrefix(text: string): RegExpExecArray | null {
  for (const prefix of PREFIXES) {
    const found = prefix.exec(text);
    if (found && found[0].length > 0) return found;
  }
  return null;
}

/** Whether a rank is the first of its group: `TP0`, `DP0 TP0 EP0`, `rank=0`, or a process that says no number. */
export function isFirstRank(rank: string): boolean {
  const numbers = [...rank.matchAll(/(?:[A-Z]P|rank ?=?)(\d+)/gi)].map(([, number]) => number);
  return numbers.every((number) => Number(number) === 0);
}

const SECRETS = /\b(?:hf_|sk-)[\w-]{6,}|(?<=(?:key|token|password|secret)['"]?\s?[=: ]\s?['"[]{0,2})[^\s'",\]]{6,}/gi;

/** What tokens of known services look like, and a user with a password in an address. */
const TOKENS =
  /(?<![A-Za-z0-9])(?:hf_[A-Za-z0-9]{20,}|sk-[\w-]{20,}|gh[a-z]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|nvapi-[\w-]{20,}|xox[a-z]-[\w-]{10,}|AKIA[A-Z0-9]{16})|(?<=:\/\/)[^\s/@]{1,200}@/g;

/**
 * A name or path of a log without what looks like a token.
 *
 * @example masked('models/hf_abcdefghijklmnopqrstuvwx/Qwen3') // 'models/…/Qwen3'
 */
export function masked(text: string): string {
  return text.replace(TOKENS, '…');
}

/**
 * The text of a line for people, at most 160 characters; what looks like a key or token is taken out.
 *
 * @example shortText('serve  --api-key sk-0123456789') // 'serve --api-key …'
 */
export function shortText(text: string): string {
  const plain = masked(text).replace(SECRETS, '…').replace(/\s+/g, ' ').trim();
  return plain.length > 160 ? `${plain.slice(0, 157)}...` : plain;
}
