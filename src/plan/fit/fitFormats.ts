import { checkpointSize } from '../../model/checkpointSize.ts';
import type { Checkpoint, Model } from '../../model/model.ts';
import { formatContext } from '../../units/tokens.ts';
import type { FitAnswer, FitResult, FormatRow } from './fitAnswer.ts';
import { fleet, headline, holds, listed, verdictInWords } from './fitWords.ts';

/** The answer for one format of a model. */
export interface FormatAnswer {
  readonly checkpoint: Checkpoint;
  readonly answer: FitAnswer;
}

function byGpu(results: readonly FitResult[]): FitResult[][] {
  return [...new Set(results.map(({ gpu }) => gpu))].map((gpu) => results.filter((result) => result.gpu === gpu));
}

function rowsOf(model: Model, { checkpoint, answer }: FormatAnswer): FormatRow[] {
  const { format, repository } = checkpoint;
  const { bytes } = checkpointSize(model, checkpoint);
  return byGpu(answer.results).flatMap((results) => {
    const best = headline(results);
    if (!best) return [];
    const { gpu, gpuName, gpus, layout, verdict, binding, weightBytesPerGpu, sequences } = best;
    return [{ format, repository, checkpointBytes: bytes, gpu, gpuName, gpus, layout, verdict, binding, weightBytesPerGpu, sequences }];
  });
}

/** What one format comes to on the GPU types asked: where it fits, or the word for why it does not. */
function formatInWords({ checkpoint, answer }: FormatAnswer): string {
  const best = byGpu(answer.results).flatMap((results) => headline(results) ?? []);
  const fitting = best.filter(({ verdict }) => verdict === 'fits').map((result) => `${fleet(result)}${holds(result)}`);
  if (fitting.length > 0) return `${checkpoint.format} fits on ${listed(fitting)}`;
  const [first] = best;
  return first ? `${checkpoint.format} ${verdictInWords(first.verdict)} on ${fleet(first)}` : checkpoint.format;
}

/** Things said of several formats, each once. */
function unique<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

/**
 * The answers for all formats of a model as one: results side by side with the format in their key, and the comparison.
 *
 * @param answers one per checkpoint, at least one
 */
export function compareFormats(model: Model, contextTokens: number, answers: readonly FormatAnswer[]): FitAnswer {
  const [first] = answers;
  if (!first) throw new Error('a model has a checkpoint');
  const all = answers.map(({ answer }) => answer);
  return {
    ...first.answer,
    query: { ...first.answer.query, format: 'all' },
    answer: `${model.name} at ${formatContext(contextTokens)} tokens by format: ${answers.map(formatInWords).join('; ')}.`,
    results: all.flatMap(({ results }) => results.map((result) => ({ ...result, key: `${result.key}/${result.format}` }))),
    formats: answers.flatMap((each) => rowsOf(model, each)),
    assumptions: unique(
      all.flatMap(({ assumptions }) => assumptions),
      ({ code, text }) => `${code} ${text}`,
    ),
    warnings: first.answer.warnings.filter((warning) => all.every(({ warnings }) => warnings.includes(warning))),
    sources: Object.assign({}, ...all.map(({ sources }) => sources)),
  };
}
