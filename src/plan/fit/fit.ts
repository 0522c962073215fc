import type { Deployment, KvCacheDtype } from '../../engine/deployment.ts';
import type { Origin } from '../../evidence/term.ts';
import { totalGpus } from '../../layout/layout.ts';
import type { Catalog } from '../catalog.ts';
import { type JudgedDeployment, judge } from '../judge.ts';
import { findModel } from '../lookup.ts';
import { sourcesUsed, termSources } from '../sourcesUsed.ts';
import { judgeCandidates } from './candidates.ts';
import type { ContextRow, FitAnswer, FitResult } from './fitAnswer.ts';
import { fitAssumptions } from './fitAssumptions.ts';
import { compareFormats } from './fitFormats.ts';
import { fitResult } from './fitResult.ts';
import { fitSentence, headline } from './fitWords.ts';
import { askedRun, type FitQuery, type FitQuestion, resolveFitQuery } from './question.ts';

const KV_DTYPES: readonly KvCacheDtype[] = ['bf16', 'fp8'];

/** Sequences by context and KV cache dtype on the layout that the answer puts first for one GPU type. */
function contextMap(contexts: readonly number[], best: Deployment): ContextRow[] {
  return contexts.flatMap((contextTokens) =>
    KV_DTYPES.map((kvCacheDtype) => {
      const { deployment, verdict, memory } = judge({ ...best, contextTokens, kvCacheDtype });
      const { gpu, layout } = deployment;
      return { gpu: gpu.id, gpus: totalGpus(layout), layout, contextTokens, kvCacheDtype, verdict, sequences: memory?.sequences ?? null };
    }),
  );
}

/** The deployment behind the result that the answer puts first. */
function firstOffered(judged: readonly JudgedDeployment[], results: readonly FitResult[]): Deployment[] {
  const first = headline(results);
  const index = first ? results.indexOf(first) : -1;
  return judged.slice(index, index + 1).map(({ deployment }) => deployment);
}

function warningsOf({ contexts }: FitQuestion, results: readonly FitResult[]): string[] {
  const shortest = Math.min(...contexts);
  return [
    ...(shortest < 1024 ? [`a context of ${shortest} tokens is very short: 128k is written --ctx 128k`] : []),
    ...(results.length > 0 && results.every(({ verdict }) => verdict === 'invalid') ? ['no valid layout was asked for'] : []),
  ];
}

function echoed({ base, contexts, gpus, layout }: FitQuestion): FitAnswer['query'] {
  return {
    model: base.model.id,
    format: base.checkpoint.format,
    gpu: gpus.map(({ gpu, gpus: count }) => (count === undefined ? gpu.id : `${gpu.id}:${count}`)),
    contextTokens: contexts.length === 1 ? base.contextTokens : contexts,
    sequences: base.sequences,
    engine: `${base.release.engine.id}@${base.release.version}`,
    kvCacheDtype: base.kvCacheDtype,
    encoderMode: base.encoderMode,
    ...askedRun({ base, layout }),
  };
}

/** The answer for one format. */
function fitOne(query: FitQuery, catalog: Catalog): FitAnswer {
  const question = resolveFitQuery(query, catalog);
  const judgedByGpu = question.gpus.map((ask) => judgeCandidates(question.base, ask, question.layout));
  const byGpu = judgedByGpu.map((judged) => judged.map((one) => fitResult(one, query)));
  const results = byGpu.flat();
  const judged = judgedByGpu.flat();
  const assumptions = fitAssumptions(question, query, judged, catalog.sources);
  const best = judgedByGpu.flatMap((one, index) => firstOffered(one, byGpu[index] ?? []));
  const origins: Origin[] = [
    ...assumptions.map(({ source }) => source),
    ...judged.flatMap(({ deployment, judgements }) => [
      ...(deployment.gpu.torchTotalGiB ? [deployment.gpu.torchTotalGiB.source] : []),
      ...judgements.map(({ rule }) => `rules/${rule.id}`),
    ]),
    ...results.map(({ binding }) => binding.source),
    ...results.flatMap(({ terms }) => termSources(terms ?? [])),
  ];
  return {
    schema: 'kplan/fit@1',
    query: echoed(question),
    answer: fitSentence(question, byGpu),
    results,
    ...(question.contexts.length > 1 ? { contextMap: best.flatMap((one) => contextMap(question.contexts, one)) } : {}),
    assumptions,
    warnings: warningsOf(question, results),
    sources: sourcesUsed(origins, catalog),
    dataAge: { asOf: catalog.date, oldestPrice: null, oldestMeasurement: null },
  };
}

/**
 * Does the model fit, on how many GPUs, in which layout, and why not?
 * `sequences = floor((torchTotal * fraction - weights - overhead) / (kvBytesPerToken * context))` per GPU, in blocks.
 *
 * @param query GPU types, context and whatever the user fixed; `format: 'all'` compares the checkpoints of the model
 * @param catalog facts, from `kplan/catalog`
 * @returns every valid layout from the smallest fleet that could hold the model up to four nodes, or exactly what was asked
 * @throws Fault for bad input; a model that does not fit is a result
 * @example fit({ gpu: ['h200'], gpus: 8, tp: 8, contextTokens: 262144 }, loadCatalog()).results[0].verdict // 'fits'
 */
export function fit(query: FitQuery, catalog: Catalog): FitAnswer {
  if (query.format?.toLowerCase() !== 'all') return fitOne(query, catalog);
  const model = findModel(catalog, query.model);
  const answers = model.checkpoints.map((checkpoint) => ({
    checkpoint,
    answer: fitOne({ ...query, format: checkpoint.format }, catalog),
  }));
  const contexts = answers.flatMap(({ answer }) => answer.results.map(({ contextTokens }) => contextTokens));
  return compareFormats(model, Math.max(...contexts), answers);
}
