import { expertMethod } from '../../engine/ktransformers/rules.ts';
import type { Origin } from '../../evidence/term.ts';
import type { Host } from '../../hardware/host.ts';
import type { Catalog } from '../catalog.ts';
import { sourcesUsed, termSources } from '../sourcesUsed.ts';
import type { OffloadAnswer } from './offloadAnswer.ts';
import { offloadAssumptions } from './offloadAssumptions.ts';
import { judgeOffload } from './offloadDemand.ts';
import type { JudgedOffload } from './offloadJudge.ts';
import { type OffloadCase, type OffloadQuery, resolveOffloadQuery } from './offloadQuestion.ts';
import { formatOf, offloadResult } from './offloadResult.ts';
import { offloadSentence } from './offloadWords.ts';

function hostName({ gpu, gpus }: Host): string {
  return gpu === null ? 'none' : `${gpu.id}:${gpus}`;
}

function echoed(cases: readonly OffloadCase[], judged: readonly JudgedOffload[]): OffloadAnswer['query'] {
  const [first] = cases;
  if (first === undefined) return {};
  const { model, engine, host, contextTokens, sequences, kvCacheDtype } = first;
  return {
    model: model.id,
    engine,
    gpu: [...new Set(cases.map((one) => hostName(one.host)))],
    ramBytes: host.ramBytes,
    ...(host.diskBytes === null ? {} : { diskBytes: host.diskBytes }),
    format: [...new Set(judged.map(formatOf))],
    contextTokens,
    sequences,
    kvCacheDtype,
    ...(first.engine === 'ktransformers' ? { prefill: first.prefill, prefillChunkTokens: first.chunkTokens } : {}),
    ...(first.engine === 'ktransformers' && first.gpuExperts !== null ? { gpuExperts: first.gpuExperts } : {}),
  };
}

/** The facts that stood behind a verdict. */
function factsBehind({ question: { host, model }, binding }: JudgedOffload): Origin[] {
  const { gpu } = host;
  return [binding.source, model.architectureSource, ...(gpu?.torchTotalGiB ? [gpu.torchTotalGiB.source] : [])];
}

/**
 * Does a model fit on a host that serves with GPUs, RAM and disk together, and what lies where?
 *
 * llama.cpp keeps everything but routed experts on the GPUs with the experts of as many layers as find room, and needs RAM for the
 * rest of the file; KTransformers keeps some experts of every layer on the GPUs and all of them in RAM. Speed is never answered.
 *
 * @param query engine, GPU types with counts, RAM, and whatever the user fixed
 * @param catalog facts, those of data/gguf and data/offload included
 * @returns one result for each host and format
 * @throws Fault for bad input; a model that does not fit is a result
 * @example offload({ engine: 'ktransformers', gpu: ['l40s:2'], ramBytes: 768e9 }, offloadCatalog).results[0].verdict // 'fits'
 */
export function offload(query: OffloadQuery, catalog: Catalog): OffloadAnswer {
  const cases = resolveOffloadQuery(query, catalog, (checkpoint) => expertMethod(catalog.kTransformers, checkpoint) !== undefined);
  const judged = cases.map((one) => judgeOffload(one, catalog));
  const results = judged.map((one) => offloadResult(one, catalog, query));
  const hosts = [...new Set(cases.map(({ host }) => host))];
  const byHost = hosts.map((host) => results.filter((_, index) => cases[index]?.host === host));
  const assumptions = offloadAssumptions(cases, query, catalog);
  const [first] = cases;
  const engine = first?.engine === 'ktransformers' ? catalog.kTransformers : catalog.llamaCpp;
  const origins: Origin[] = [
    ...assumptions.map(({ source }) => source),
    ...judged.flatMap(factsBehind),
    ...results.flatMap(({ terms }) => termSources(terms ?? [])),
  ];
  return {
    schema: 'kplan/offload@1',
    query: echoed(cases, judged),
    answer: offloadSentence(first?.model.name ?? '', engine.name, first?.contextTokens ?? 0, byHost),
    results,
    assumptions,
    warnings: [],
    sources: sourcesUsed(origins, catalog),
    dataAge: { asOf: catalog.date, oldestPrice: null, oldestMeasurement: null },
  };
}
