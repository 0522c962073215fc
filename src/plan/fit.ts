import type { KvCacheDtype } from '../engine/deployment.ts';
import { memoryFraction } from '../engine/memoryFraction.ts';
import type { Assumption } from '../evidence/assumption.ts';
import type { Origin } from '../evidence/term.ts';
import { formatCount } from '../units/tokens.ts';
import { judgeCandidates } from './candidates.ts';
import type { Catalog } from './catalog.ts';
import type { ContextRow, FitAnswer, FitResult } from './fitAnswer.ts';
import { fitResult } from './fitResult.ts';
import { fitSentence } from './fitWords.ts';
import { judge, type JudgedDeployment } from './judge.ts';
import { type FitQuery, type FitQuestion, resolveFitQuery } from './question.ts';
import { sourcesUsed, termSources } from './sourcesUsed.ts';

const KV_DTYPES: readonly KvCacheDtype[] = ['bf16', 'fp8'];

/** Sequences by context and KV cache dtype on the best layout of one GPU type. */
function contextMap(contexts: readonly number[], candidates: readonly JudgedDeployment[]): ContextRow[] {
  const best = candidates.find(({ verdict }) => verdict === 'fits') ?? candidates.find(({ verdict }) => verdict === 'marginal') ?? candidates[0];
  if (!best) return [];
  return contexts.flatMap((contextTokens) =>
    KV_DTYPES.map((kvCacheDtype) => {
      const { deployment, verdict, memory } = judge({ ...best.deployment, contextTokens, kvCacheDtype });
      const { gpu, layout } = deployment;
      return { gpu: gpu.id, gpus: layout.tp * layout.attentionDp * layout.pp * layout.dp, layout, contextTokens, kvCacheDtype, verdict, sequences: memory?.sequences ?? null };
    }),
  );
}

function assumptionsOf({ base }: FitQuestion, query: FitQuery, judged: readonly JudgedDeployment[]): Assumption[] {
  const { model, checkpoint, release, contextTokens } = base;
  const list: Assumption[] = [{ code: 'engine', text: `${release.engine.name} ${release.version}${query.engine ? '' : ' (default)'}`, source: query.engine ? 'user' : 'kplan' }];
  const sample = judged.find(({ memory }) => memory !== null);
  if (sample) {
    const fraction = memoryFraction(sample.deployment);
    list.push({ code: 'memory-fraction', text: `memory fraction ${Number(fraction.value.toFixed(4))}: ${fraction.explanation}`, source: fraction.source });
    for (const [vendor, band] of Object.entries(release.engine.overheadGiB)) {
      if (judged.some(({ deployment }) => deployment.gpu.vendor === vendor)) {
        list.push({ code: `overhead-${vendor}`, text: `overhead on ${vendor === 'nvidia' ? 'NVIDIA' : 'AMD'}: ${band.low}, ${band.value}, ${band.high} GiB per GPU (80 % of logged runs)`, source: band.source });
      }
    }
  }
  list.push(
    { code: 'context', text: `context ${formatCount(contextTokens)} tokens${query.contextTokens === undefined ? ', the longest of the model (default)' : ''}`, source: query.contextTokens === undefined ? model.architectureSource : 'user' },
    { code: 'kv-cache-dtype', text: `KV cache in ${base.kvCacheDtype}${query.kvCacheDtype ? '' : ' (default)'}`, source: query.kvCacheDtype ? 'user' : 'kplan' },
    { code: 'encoder-mode', text: `vision encoder ${base.encoderMode === 'data' ? 'whole on every rank' : 'split over the TP group'}`, source: query.encoderMode ? 'user' : 'kplan' },
    { code: 'checkpoint', text: `checkpoint ${checkpoint.repository} (${checkpoint.format})${checkpoint.assumption ? `: ${checkpoint.assumption}` : ''}`, source: checkpoint.source },
    { code: 'load-noise', text: 'weights as loaded differ from the arithmetic by 0.03 to 0.3 GiB in logs (about 2 % on ROCm); not counted', source: 'kplan' },
  );
  return list;
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
  const assumptions = assumptionsOf(question, query, judged);
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
