import type { KvCacheDtype } from '../engine/deployment.ts';
import type { Origin } from '../evidence/term.ts';
import { judgeCandidates } from './candidates.ts';
import type { Catalog } from './catalog.ts';
import type { ContextRow, FitAnswer, FitResult } from './fitAnswer.ts';
import { fitAssumptions } from './fitAssumptions.ts';
import { fitResult } from './fitResult.ts';
import { fitSentence } from './fitWords.ts';
import { type JudgedDeployment, judge } from './judge.ts';
import { type FitQuery, type FitQuestion, resolveFitQuery } from './question.ts';
import { sourcesUsed, termSources } from './sourcesUsed.ts';

const KV_DTYPES: readonly KvCacheDtype[] = ['bf16', 'fp8'];

/** Sequences by context and KV cache dtype on the best layout of one GPU type. */
function contextMap(contexts: readonly number[], candidates: readonly JudgedDeployment[]): ContextRow[] {
  const best =
    candidates.find(({ verdict }) => verdict === 'fits') ?? candidates.find(({ verdict }) => verdict === 'marginal') ?? candidates[0];
  if (!best) return [];
  return contexts.flatMap((contextTokens) =>
    KV_DTYPES.map((kvCacheDtype) => {
      const { deployment, verdict, memory } = judge({ ...best.deployment, contextTokens, kvCacheDtype });
      const { gpu, layout } = deployment;
      return {
        gpu: gpu.id,
        gpus: layout.tp * layout.attentionDp * layout.pp * layout.dp,
        layout,
        contextTokens,
        kvCacheDtype,
        verdict,
        sequences: memory?.sequences ?? null,
      };
    }),
  );
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
    contextTokens: contexts.length === 1 ? base.contextTokens : contexts.map(String),
    sequences: base.sequences,
    engine: `${base.release.engine.id}@${base.release.version}`,
    kvCacheDtype: base.kvCacheDtype,
    encoderMode: base.encoderMode,
    ...(base.utilization === undefined ? {} : { utilization: base.utilization }),
    ...(base.maxNumSeqs === undefined ? {} : { maxNumSeqs: base.maxNumSeqs }),
    ...layout,
  };
}

/**
 * Does the model fit, on how many GPUs, in which layout, and why not?
 * `sequences = floor((torchTotal * fraction - weights - overhead) / (kvBytesPerToken * context))` per GPU, in blocks.
 *
 * @param query GPU types, context and whatever the user fixed
 * @param catalog facts, from `kplan/catalog`
 * @returns every valid layout from the smallest fleet that could hold the model up to four nodes, or exactly what was asked
 * @throws Fault for bad input; a model that does not fit is a result
 * @example fit({ gpu: ['h200'], gpus: 8, tp: 8, contextTokens: 262144 }, loadCatalog()).results[0].verdict // 'fits'
 */
export function fit(query: FitQuery, catalog: Catalog): FitAnswer {
  const question = resolveFitQuery(query, catalog);
  const judgedByGpu = question.gpus.map((ask) => judgeCandidates(question.base, ask, question.layout));
  const byGpu = judgedByGpu.map((judged) => judged.map((one) => fitResult(one, query)));
  const results = byGpu.flat();
  const judged = judgedByGpu.flat();
  const assumptions = fitAssumptions(question, query, judged);
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
    ...(question.contexts.length > 1 ? { contextMap: judgedByGpu.flatMap((one) => contextMap(question.contexts, one)) } : {}),
    assumptions,
    warnings: warningsOf(question, results),
    sources: sourcesUsed(origins, catalog),
    dataAge: { asOf: catalog.date, oldestPrice: null, oldestMeasurement: null },
  };
}
