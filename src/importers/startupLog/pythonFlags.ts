import { type PythonValue, pythonArguments } from './pythonArguments.ts';
import type { LoggedFlags } from './startupLog.ts';

type Numeric = 'tp' | 'pp' | 'dp' | 'dcp' | 'ep' | 'utilization' | 'staticFraction' | 'maxModelLen' | 'maxNumSeqs' | 'maxNumBatchedTokens';
type Texts = 'dtype' | 'kvCacheDtype' | 'quantization' | 'mmEncoder' | 'attentionBackend';

/** Names of arguments by the flag that they set. */
export interface ArgumentNames {
  readonly numbers: Readonly<Record<string, Numeric | 'draftTokens' | 'largestGraph' | 'cpuOffloadGiB'>>;
  readonly texts: Readonly<Record<string, Texts | 'speculativeMethod' | 'draftModel'>>;
  readonly booleans: Readonly<Record<string, 'expertParallel' | 'chunkedPrefill' | 'enforceEager' | 'textOnly'>>;
}

/** `torch.bfloat16` as `bfloat16`. */
export function dtypeName(text: string): string {
  return text.replace(/^torch\./, '');
}

/** Sets the flags that a line of arguments names; what is `None` or `auto` is left as it is. */
export function setFlags(flags: LoggedFlags, given: ReadonlyMap<string, PythonValue>, { numbers, texts, booleans }: ArgumentNames): void {
  for (const [name, value] of given) {
    const number = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
    const truth = Object.hasOwn(booleans, name) ? booleans[name] : undefined;
    if (number !== undefined && typeof value === 'number' && Number.isFinite(value)) flags[number] = value;
    if (text !== undefined && typeof value === 'string' && value !== 'auto') flags[text] = dtypeName(value);
    if (truth !== undefined && typeof value === 'boolean') flags[truth] = value;
  }
}

/** The arguments that begin where `after` ends in a line; none where the line does not hold it. */
export function argumentsAfter(text: string, after: RegExp): ReadonlyMap<string, PythonValue> {
  const found = after.exec(text);
  return found ? pythonArguments(text, found.index + found[0].length) : new Map();
}

/** A text among arguments. */
export function textOf(given: ReadonlyMap<string, PythonValue>, name: string): string | null {
  const value = given.get(name);
  return typeof value === 'string' && value !== '' ? value : null;
}
