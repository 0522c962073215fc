import { Fault } from '../../faults/fault.ts';
import { EngineReader } from './engineReader.ts';
import { LLAMA_CPP } from './llamaCppWordings.ts';
import { type LogLine, LogLines } from './logLines.ts';
import { plainLine } from './plainLine.ts';
import { SGLANG } from './sglangWordings.ts';
import type { StartupLog } from './startupLog.ts';
import { TENSORRT_LLM } from './tensorrtLlmWordings.ts';
import { VLLM } from './vllmWordings.ts';

/** Lines within which an engine must have said something. */
const LONGEST_PREAMBLE = 100_000;

/**
 * Reads the start-up log of an engine in one pass and bounded memory.
 *
 * @param chunks the bytes of the log, in order
 * @param name the file, for messages and the result
 * @returns figures per GPU, flags and outcome of the last start that the log holds, and the lines that look like memory and were not read
 * @throws Fault `invalid` where no known engine wrote it, or it is larger than 200 MiB
 */
export async function readStartupLog(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, name: string): Promise<StartupLog> {
  let readers = [VLLM, SGLANG, TENSORRT_LLM, LLAMA_CPP].map((wordings) => new EngineReader(wordings));
  let taken = 0;
  const lines = new LogLines(name, (line: LogLine) => {
    if (++taken === LONGEST_PREAMBLE && readers.every(isSilent)) throw notALog(name);
    const plain = plainLine(line);
    if (plain.text === '') return;
    for (const reader of readers) reader.take(plain);
    const named = readers.find(({ isNamed }) => isNamed);
    if (named && readers.length > 1) readers = [named];
  });
  for await (const chunk of chunks) lines.push(chunk);
  lines.end();
  const reader = readers.reduce((most, next) => (next.readings > most.readings ? next : most));
  if (isSilent(reader)) throw notALog(name);
  return { name, ...reader.result(), lines: lines.lines, cutLines: lines.cutLines };
}

function isSilent({ isNamed, readings }: EngineReader): boolean {
  return !isNamed && readings === 0;
}

function notALog(name: string): Fault {
  return new Fault('invalid', 'no line of it was written by an engine at its start', {
    where: name,
    allowed: 'the start-up log of vLLM, SGLang, TensorRT-LLM, llama.cpp or ik_llama.cpp, from the launch on',
  });
}
