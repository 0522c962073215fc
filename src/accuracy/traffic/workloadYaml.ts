import type { ConversationShape } from '../../workload/conversation.ts';
import type { TrafficFigures } from './trafficFigures.ts';

const FIELDS = ['lengths', 'gapCv', 'hours', 'conversations'] as const;

const rounded = (value: number, digits: number) => String(Number(value.toFixed(digits)));

/** Shares in millionths of sum 1: the largest remainders are rounded up. */
function millionths(shares: readonly number[]): number[] {
  const floors = shares.map((share) => Math.floor(share * 1e6));
  const missing = 1e6 - floors.reduce((sum, floor) => sum + floor, 0);
  const remainders = shares.map((share, index) => ({ index, remainder: share * 1e6 - Math.floor(share * 1e6) }));
  const up = new Set(
    remainders
      .sort((a, b) => b.remainder - a.remainder)
      .slice(0, missing)
      .map(({ index }) => index),
  );
  return floors.map((floor, index) => floor + (up.has(index) ? 1 : 0));
}

/** The shape of conversations as YAML. */
function shapeText(shape: ConversationShape | null): string {
  if (!shape) return 'conversations: null\n';
  const { cells, growthSigma, leastGapSeconds, meanGapSeconds, gapSigma, rewriteShare, pauseShare, meanPauseSeconds } = shape;
  const shares = millionths(cells.map(({ share }) => share));
  const rows = cells.map(
    ({ requests, firstInputTokens, lastInputTokens }, index) =>
      `    - { share: ${(shares[index] ?? 0) / 1e6}, requests: ${rounded(requests, 1)}, firstInputTokens: ${rounded(firstInputTokens, 1)}, lastInputTokens: ${rounded(lastInputTokens, 1)} }\n`,
  );
  return [
    `conversations:\n  cells:\n${rows.join('')}`,
    `  growthSigma: ${rounded(growthSigma, 2)}\n`,
    `  leastGapSeconds: ${rounded(leastGapSeconds, 1)}\n  meanGapSeconds: ${rounded(meanGapSeconds, 1)}\n  gapSigma: ${rounded(gapSigma, 2)}\n`,
    `  rewriteShare: ${rounded(rewriteShare, 4)}\n  pauseShare: ${rounded(pauseShare, 4)}\n  meanPauseSeconds: ${rounded(meanPauseSeconds, 0)}\n`,
  ].join('');
}

/** The fields as YAML, each ending in a line break. */
function fieldsOf({ lengths, gapCv, hours, conversations }: TrafficFigures): Readonly<Record<(typeof FIELDS)[number], string>> {
  const shares = millionths(lengths.map(({ share }) => share));
  const cells = lengths.map(
    ({ inputTokens, outputTokens }, index) =>
      `  - { share: ${(shares[index] ?? 0) / 1e6}, inputTokens: ${rounded(inputTokens, 1)}, outputTokens: ${rounded(outputTokens, 1)} }\n`,
  );
  const cv = gapCv && `{ low: ${rounded(gapCv.low, 2)}, value: ${rounded(gapCv.value, 2)}, high: ${rounded(gapCv.high, 2)} }`;
  return {
    lengths: `lengths:\n${cells.join('')}`,
    gapCv: `gapCv: ${cv}\n`,
    conversations: shapeText(conversations),
    hours: `hours: ${hours && `[${hours.map((rate) => rounded(rate, 3)).join(', ')}]`}\n`,
  };
}

/**
 * A file of data/workloads with the lengths, the CV of gaps and the day profile of a trace; all else stays as it is.
 *
 * @throws Error where the file lacks one of the fields
 */
export function withFigures(yaml: string, figures: TrafficFigures): string {
  const fields = fieldsOf(figures);
  return FIELDS.reduce((text, field) => {
    const there = new RegExp(`^${field}:.*\\n(?:[ -].*\\n)*`, 'm');
    if (!there.test(text)) throw new Error(`the file has no field ${field}`);
    return text.replace(there, () => fields[field]);
  }, yaml);
}
