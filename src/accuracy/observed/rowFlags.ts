import type { DraftKind, EncoderMode } from '../../engine/deployment.ts';

/** What the flags of a row say that changes what memory is used for. */
export interface RowFlags {
  readonly batchTokens?: number;
  readonly encoderMode?: EncoderMode;
  readonly draft?: DraftKind;
  readonly draftTokens?: number;
  readonly eager?: true;
  readonly graphEstimate?: boolean;
  readonly expertParallel?: true;
  /** The vision tower is left out. */
  readonly languageOnly?: true;
}

type Reading = (match: RegExpExecArray) => RowFlags;

const WORDINGS: readonly (readonly [RegExp, Reading])[] = [
  [/^-*(?:max[_-]num[_-])?batched[_ -]tokens:?\s+(\d+)/i, ([, tokens]) => ({ batchTokens: Number(tokens) })],
  [/^-*chunked[_-]prefill(?:[_-]size)?:?\s+(\d+)/i, ([, tokens]) => ({ batchTokens: Number(tokens) })],
  [/^-*mm-encoder-tp-mode:?\s+(data|weights)/i, ([, mode]) => ({ encoderMode: mode?.toLowerCase() === 'data' ? 'data' : 'weights' })],
  [/^-*(?:language-model-only|limit-mm-per-prompt.*0)/i, () => ({ languageOnly: true })],
  [/^-*enable-expert-parallel(?!:\s*false)/i, () => ({ expertParallel: true })],
  [/^-*enforce-eager(?!:\s*false)/i, () => ({ eager: true })],
  [/^(?:(?:cuda ?)?graph )?(?:memory )?estimate (on|off)\b/i, ([, state]) => ({ graphEstimate: state?.toLowerCase() === 'on' })],
  [/^eagle-?3\b/i, () => ({ draft: 'eagle3' })],
  [/^mtp\s+([1-9]\d*)\b/i, ([, tokens]) => ({ draft: 'mtp', draftTokens: Number(tokens) })],
  [/^mtp\b(?!\s*0)/i, () => ({ draft: 'mtp' })],
];

/**
 * Reads the flags of a row, phrases parted by semicolons or commas; phrases that do not bear on memory are passed over, and of two that
 * contradict each other the first holds.
 *
 * @example rowFlags('TRITON_MLA; max_num_batched_tokens 8192; cudagraph memory estimate OFF') // { batchTokens: 8192, graphEstimate: false }
 */
export function rowFlags(text: string): RowFlags {
  const found = text.split(/[;,]/).flatMap((phrase): RowFlags[] => {
    for (const [pattern, reading] of WORDINGS) {
      const match = pattern.exec(phrase.trim());
      if (match) return [reading(match)];
    }
    return [];
  });
  return Object.assign({}, ...found.reverse()) as RowFlags;
}
