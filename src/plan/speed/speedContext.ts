import type { Assumption } from '../../evidence/assumption.ts';
import { STALE_DAYS } from '../../throughput/curve.ts';
import { type Knowledge, SPEED_FIT } from '../../throughput/knowledge.ts';
import { daysBetween } from '../../units/time.ts';
import { formatCount } from '../../units/tokens.ts';
import type { AnswerEvidence } from '../answerEvidence.ts';
import type { Catalog } from '../catalog.ts';
import { servedQuery } from '../demand.ts';
import { sourcesUsed } from '../sourcesUsed.ts';
import type { SpeedAnswer, SpeedPoint, SpeedReplica } from './speedAnswer.ts';
import type { SpeedQuery, SpeedQuestion } from './speedQuestion.ts';

type Context = Pick<SpeedAnswer, 'query'> & AnswerEvidence;

function assumptionsOf(query: SpeedQuery, { fit, demand, asOf }: SpeedQuestion): Assumption[] {
  const { release, checkpoint, kvCacheDtype } = fit.base;
  const list: readonly [applies: boolean, assumption: Assumption][] = [
    [query.format === undefined, { code: 'format', text: `checkpoint format ${checkpoint.format}`, source: checkpoint.source }],
    [query.engine === undefined, { code: 'engine', text: `${release.engine.name} ${release.version}`, source: 'kplan' }],
    [query.kvCacheDtype === undefined, { code: 'kv-cache-dtype', text: `KV cache dtype ${kvCacheDtype}`, source: 'kplan' }],
    [
      demand.askedReuse === null,
      {
        code: 'reuse',
        text: 'prefix reuse as the workload reaches it with the KV cache of a replica that carries all it can',
        source: demand.workload?.source ?? 'kplan',
      },
    ],
    [
      true,
      {
        code: 'closed-loop',
        text: 'closed loop: as many requests in flight as the concurrency says, each replaced when it ends',
        source: 'kplan',
      },
    ],
    [true, { code: 'speculation', text: 'no speculative decoding', source: 'kplan' }],
    [query.asOf === undefined, { code: 'as-of', text: `measurements as known on ${asOf}`, source: 'kplan' }],
  ];
  return list.flatMap(([applies, assumption]) => (applies ? [assumption] : []));
}

function queryOf({ fit, demand, concurrency, maxTpotMs, asOf }: SpeedQuestion): Context['query'] {
  return {
    ...servedQuery({ fit, demand }),
    ...(concurrency === null ? {} : { concurrency: `${concurrency.from}..${concurrency.to}` }),
    ...(maxTpotMs === null ? {} : { maxTpotMs }),
    asOf,
  };
}

/** The measurements behind points: their dates, oldest first. */
function datesOf(points: readonly SpeedPoint[], { curves }: Knowledge): string[] {
  const used = new Set(points.map(({ source }) => source));
  return curves
    .filter(({ source }) => used.has(source))
    .map(({ oldestDate }) => oldestDate)
    .sort();
}

/** What stands beside every answer on speed: the query as understood, what was assumed, warnings, sources and ages. */
export function speedContext(
  query: SpeedQuery,
  question: SpeedQuestion,
  points: readonly SpeedPoint[],
  replicas: readonly Pick<SpeedReplica, 'gpu' | 'gpuName' | 'layout'>[],
  knowledge: Knowledge,
  catalog: Catalog,
): Context {
  const { model, checkpoint } = question.fit.base;
  const gpus = catalog.gpus.filter(({ id }) => replicas.some(({ gpu }) => gpu === id));
  const facts = gpus.flatMap((gpu) => [gpu.memoryBandwidthGBPerSecond?.source, gpu.bf16DenseTflops?.source, gpu.torchTotalGiB?.source]);
  const [oldest = null] = datesOf(points, knowledge);
  const unknown = points.find(({ situation }) => situation === 'unknownPair');
  const { draft, eager } = question.fit.base;
  const later = catalog.speed.measurements.map(({ date }) => date).filter((date) => date > question.asOf);
  const warnings = [
    ...(draft === undefined ? [] : ['speculative decoding is not modelled: the figures are without it']),
    ...(eager ? ['without CUDA graphs every step takes longer than these figures, which are with them'] : []),
    ...(later.length > 0
      ? [`coefficients and bands are fitted to measurements up to ${later.sort().at(-1)}, later than ${question.asOf}`]
      : []),
    ...(unknown ? [`${unknown.method.split('; ')[0]}: take the band, not the figure`] : []),
    ...(oldest !== null && daysBetween(oldest, question.asOf) > STALE_DAYS
      ? [`the oldest measurement used is of ${oldest}, ${formatCount(daysBetween(oldest, question.asOf))} days before ${question.asOf}`]
      : []),
    ...(question.asOf > catalog.date ? [`the catalog ends on ${catalog.date}: nothing is known of the days until ${question.asOf}`] : []),
  ];
  const origins = [model.architectureSource, checkpoint.source, SPEED_FIT, ...points.map(({ source }) => source), ...facts];
  return {
    query: queryOf(question),
    assumptions: assumptionsOf(query, question),
    warnings,
    sources: sourcesUsed(
      origins.filter((id) => id !== undefined),
      catalog,
    ),
    dataAge: { asOf: question.asOf, oldestPrice: null, oldestMeasurement: oldest },
  };
}
