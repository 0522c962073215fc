import type { BandFact } from '../evidence/source.ts';
import { Fault } from '../faults/fault.ts';
import type { Model } from '../model/model.ts';
import { tokensPerRequest } from '../throughput/loadPoint.ts';
import { formatCount } from '../units/tokens.ts';
import { type Demand, demandOf } from '../workload/loadPoint.ts';
import type { Workload } from '../workload/workload.ts';
import type { Catalog } from './catalog.ts';
import { askedRun, type FitQuestion, given } from './fit/question.ts';
import { findModel, findNamed } from './lookup.ts';

/** What is asked of a replica per request. */
export interface DemandQuery {
  readonly model?: string;
  /** A preset; needless where input and output tokens are given. */
  readonly workload?: string;
  /** Per request, reused or not. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Share of input tokens found in the KV cache, here and at an API. */
  readonly reuse?: number;
  /** Share of the output that is thinking; the workload's where none is asked. */
  readonly thinkingShare?: number;
  /** Thinking tokens of this model for each one of the workload's. */
  readonly thinkingRatio?: number;
  /** Context of which at least one sequence must fit. */
  readonly contextTokens?: number;
}

/** Context that must fit where none is asked, at least. */
export const LEAST_CONTEXT = 32 * 1024;

/** The context that must fit where none is asked: that of a request, in whole Ki tokens, 32 of them at least. */
function defaultContext(tokensPerRequest: number, limit: number): number {
  return Math.min(limit, Math.max(LEAST_CONTEXT, Math.ceil(tokensPerRequest / 1024) * 1024));
}

/**
 * How many thinking tokens the model needs for each one of the traffic: as asked, or what is published of the model that answered it.
 *
 * @throws Fault `missing` where a ratio is asked and nobody says how much of the output is thinking
 */
function thinkingRatioOf(query: DemandQuery, workload: Workload | null, model: Model, catalog: Catalog): BandFact | null {
  const { thinkingRatio: asked, thinkingShare, outputTokens } = query;
  const known = (thinkingShare ?? workload?.thinkingShare ?? null) !== null;
  if (asked !== undefined) {
    if (known) return { low: asked, value: asked, high: asked, source: 'user' };
    throw new Fault('missing', 'nobody says how much of the output is thinking', {
      where: '--thinking-ratio',
      value: asked,
      allowed: 'with --thinking, or a workload that says so',
    });
  }
  if (!known || outputTokens !== undefined || !workload?.trafficOf) return null;
  return catalog.planning.thinkingChanges.find(({ from, to }) => from === workload.trafficOf && to === model.id)?.ratio ?? null;
}

/**
 * Resolves the workload, and the context that holds its requests.
 *
 * @throws Fault `invalid` where a request is longer than the model's context, `contradiction` where it is longer than the asked one
 */
export function resolveDemand(query: DemandQuery, catalog: Catalog): { readonly demand: Demand; readonly contextTokens: number } {
  const { workload: name, inputTokens, outputTokens, reuse } = query;
  const workload = name === undefined ? null : findNamed(catalog.workloads, name, '--workload', 'kplan data workloads');
  const model = findModel(catalog, query.model);
  const demand = demandOf(workload, {
    ...given('inputTokens', inputTokens),
    ...given('outputTokens', outputTokens),
    ...given('reuse', reuse),
    ...given('thinkingShare', query.thinkingShare),
    ...given('thinkingRatio', thinkingRatioOf(query, workload, model, catalog)?.value),
  });
  const limit = model.architecture.maxContextTokens;
  const perRequest = tokensPerRequest(demand);
  if (perRequest > limit) {
    throw new Fault('invalid', `a request is longer than the context of ${model.name}`, {
      where: '--input-tokens',
      value: perRequest,
      allowed: `input and output of at most ${formatCount(limit)} tokens together`,
    });
  }
  const contextTokens = query.contextTokens ?? defaultContext(perRequest, limit);
  if (contextTokens < perRequest) {
    throw new Fault('contradiction', `a request is ${formatCount(perRequest)} tokens long`, {
      where: '--ctx',
      value: contextTokens,
      allowed: `${formatCount(Math.ceil(perRequest))} tokens or more`,
    });
  }
  return { demand, contextTokens };
}

/** A derived number without the noise of binary fractions. */
function tidy(value: number): number {
  return Number(value.toPrecision(6));
}

/** A question as understood, as far as it says what serves what: for the head of an answer. */
export function servedQuery({ fit, demand }: { readonly fit: FitQuestion; readonly demand: Demand }): Readonly<Record<string, unknown>> {
  const { model, checkpoint, release, kvCacheDtype } = fit.base;
  return {
    model: model.id,
    gpu: fit.gpus.map(({ gpu, gpus }) => (gpus === undefined ? gpu.id : `${gpu.id}:${gpus}`)),
    engine: `${release.engine.id}@${release.version}`,
    format: checkpoint.format,
    kvCacheDtype,
    ...askedRun(fit),
    ...(demand.workload ? { workload: demand.workload.id } : {}),
    inputTokens: demand.inputTokens,
    outputTokens: tidy(demand.outputTokens),
    ...(demand.askedReuse === null ? {} : { reuse: demand.askedReuse }),
    ...(demand.thinkingShare === null ? {} : { thinkingShare: tidy(demand.thinkingShare) }),
  };
}
