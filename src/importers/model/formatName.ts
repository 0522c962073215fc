import type { EncodingId } from '../../model/encoding.ts';
import type { Checkpoint } from '../../model/model.ts';

const FORMATS: readonly (readonly [pattern: RegExp, format: string])[] = [
  [/^int4-/, 'int4'],
  [/^int8-/, 'int8'],
  [/^fp8-/, 'fp8'],
  [/^awq-/, 'awq'],
  [/^gptq-/, 'gptq'],
];

function formatOf(encoding: EncodingId): string {
  return FORMATS.find(([pattern]) => pattern.test(encoding))?.[1] ?? encoding;
}

/** The name of a checkpoint's format: that of its largest class of matrices. */
export function formatName({ encodings }: Pick<Checkpoint, 'encodings'>): string {
  const chosen = encodings['routed-experts'] ?? encodings['dense-ffn'] ?? encodings['attention'] ?? encodings['shared-experts'] ?? 'bf16';
  return formatOf(typeof chosen === 'string' ? chosen : chosen.encoding);
}

/** The name of a GGUF mix as its file name tells it, such as `ud-q2_k_xl`; `gguf` where it does not. */
export function mixName(file: string): string {
  const [found] =
    /(?:UD-)?(?:I?Q\d[A-Z0-9]*(?:_[A-Z0-9]+)*|TQ\d_\d|MXFP4(?:_[A-Z]+)*|BF16|F16|F32)(?=[.-]|$)/i.exec(
      file.slice(file.lastIndexOf('/') + 1),
    ) ?? [];
  return found?.toLowerCase() ?? 'gguf';
}
