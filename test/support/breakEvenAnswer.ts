import { exactly } from '../../src/evidence/estimate.ts';
import type { TariffLine } from '../../src/plan/api/tariffLine.ts';
import type { BreakEvenAnswer, Crossing } from '../../src/plan/breakEven/breakEvenAnswer.ts';
import type { FleetLine } from '../../src/plan/hosting/fleetLine.ts';

const TOKENS_PER_REQUEST = 12_378;

const list: TariffLine = {
  id: 'moonshotai/kimi-k2.7-code',
  role: 'list',
  provider: 'moonshotai',
  model: 'kimi-k2.7-code',
  tier: 'standard',
  inputUsdPerMtok: 0.95,
  cacheReadUsdPerMtok: 0.19,
  cacheWriteUsdPerMtok: 0.95,
  outputUsdPerMtok: 4,
  usdPerRequest: 0.009384,
  usdPerMtok: exactly(0.758),
  account: null,
  date: '2026-09-23',
  source: 'tariffs#genai-prices',
};

const host: TariffLine = {
  ...list,
  id: 'deepinfra/kimi-k2.7-code',
  role: 'cheapest-host',
  provider: 'deepinfra',
  inputUsdPerMtok: 0.75,
  cacheReadUsdPerMtok: 0.15,
  outputUsdPerMtok: 3.5,
  usdPerRequest: 0.007526,
  usdPerMtok: exactly(0.608),
  date: '2026-08-21',
  source: 'tariffs#portkey',
};

/** Eight H200, measured: one replica holds 45.5 billion tokens a month. */
export const h200: FleetLine = {
  id: 'h200-sxm/vllm/tp8',
  gpu: 'h200-sxm',
  gpuName: 'H200 SXM 141GB',
  purchase: 'on-demand',
  engine: 'vllm',
  engineVersion: '0.25.0',
  format: 'int4',
  layout: { tp: 8, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 },
  gpusPerReplica: 8,
  gpusPerInstance: 8,
  instancesPerReplica: 1,
  replicasPerInstance: 1,
  usdPerGpuHour: { low: 3.5, value: 4.5, high: 6.3, basis: 'measured' },
  modelled: false,
  usdPerInstanceMonth: { low: 20_440, value: 26_280, high: 36_792, basis: 'measured' },
  costs: [
    { code: 'rent', usdPerMonth: 26_280, counted: true },
    { code: 'staff', usdPerMonth: 4_500, counted: false },
  ],
  capexUsd: null,
  offers: 14,
  requestsPerSecond: { low: 1.12, value: 1.4, high: 1.75, basis: 'measured' },
  tokensPerMonthPerReplica: { low: 36.4e9, value: 45.5e9, high: 56.9e9, basis: 'measured' },
  plannedTokensPerReplica: { low: 36.4e9, value: 45.5e9, high: 56.9e9, basis: 'measured' },
  spareReplicas: 0,
  fixedUsd: 0,
  concurrency: 64,
  tpotMs: { low: 47.8, value: 59.7, high: 74.6, basis: 'measured' },
  reuse: { low: 0.32, value: 0.374, high: 0.374, basis: 'modelled' },
  capacityMethod: 'measured curve of Kimi-K2.5 on 8 GPUs, 8k in / 1k out, read at the load point of the workload',
  source: 'throughput#aiconfigurator',
};

function crossing(
  index: number,
  tariff: TariffLine,
  volume: number,
  final: boolean,
  cheaperBeyond: Crossing['cheaperBeyond'] = 'self-host',
): Crossing {
  const replicas = Math.max(1, Math.ceil(volume / 45.5e9));
  return {
    id: `crossing_${index}`,
    tariff: tariff.id,
    offer: h200.id,
    cheaperBeyond,
    final,
    tokensPerMonth: { low: 0.78 * volume, value: volume, high: 1.4 * volume },
    requestsPerMonth: volume / TOKENS_PER_REQUEST,
    utilisation: volume / (replicas * 45.5e9),
    hoursPerDay: (volume / (replicas * 45.5e9)) * 24,
    replicas,
    instances: replicas,
  };
}

const monthly = [10e9, 20e9, 45.5e9, 91e9, 136.5e9, 182e9].map((tokensPerMonth, index) => {
  const replicas = Math.ceil(tokensPerMonth / 45.5e9);
  return {
    id: `month_${index + 1}`,
    offer: h200.id,
    tokensPerMonth,
    requestsPerMonth: tokensPerMonth / TOKENS_PER_REQUEST,
    replicas,
    instances: replicas,
    utilisation: tokensPerMonth / (replicas * 45.5e9),
    selfHostUsd: { low: replicas * 20_440, value: replicas * 26_280, high: replicas * 36_792, basis: 'measured' as const },
    apiUsd: {
      [list.id]: exactly((tokensPerMonth * list.usdPerMtok.value) / 1e6),
      [host.id]: exactly((tokensPerMonth * host.usdPerMtok.value) / 1e6),
    },
  };
});

/** Break-even of Kimi-K2.7-Code on eight H200 for the preset kimi-chat, against the list price and the cheapest host. */
export const breakEvenAnswer: BreakEvenAnswer = {
  schema: 'kplan/breakeven@1',
  query: { model: 'kimi-k2.7-code', gpu: ['h200-sxm'], workload: 'kimi-chat', asOf: '2026-11-22' },
  answer:
    'On 8× H200 self-hosting Kimi-K2.7-Code is first cheaper than the list price from 34.7B tokens a month (76 % of one replica), for good from 139B.',
  tariffs: [list, host],
  offers: [h200],
  verdicts: [
    {
      tariff: list.id,
      offer: h200.id,
      code: 'break-even',
      message: 'Own GPUs are cheaper for good from 139B tokens/month.',
      probability: 0.71,
      breakEvenUsdPerMtok: 0.578,
      crossings: 1,
      remedy: null,
    },
    {
      tariff: host.id,
      offer: h200.id,
      code: 'break-even',
      message: 'Own GPUs are cheaper for good from 821B tokens/month.',
      probability: 0.44,
      breakEvenUsdPerMtok: 0.578,
      crossings: 1,
      remedy: null,
    },
  ],
  crossings: [
    crossing(1, list, 34.7e9, false),
    crossing(2, list, 45.5e9, false, 'api'),
    crossing(3, list, 69.3e9, false),
    crossing(4, list, 91e9, false, 'api'),
    crossing(5, list, 104e9, false),
    crossing(6, list, 136.5e9, false, 'api'),
    crossing(7, list, 138.7e9, true),
    crossing(8, host, 43.2e9, false),
    crossing(9, host, 45.5e9, false, 'api'),
    crossing(10, host, 821e9, true),
  ],
  monthly,
  paybacks: [],
  solved: [],
  sensitivity: [],
  time: null,
  cashFlows: [],
  terms: [
    {
      kind: 'input',
      id: 'usd_per_gpu_hour',
      label: 'price of one GPU',
      unit: 'USD/GPU/hour',
      value: 4.5,
      low: 3.5,
      high: 6.3,
      source: 'offers#h200',
    },
    { kind: 'input', id: 'gpus_per_instance', label: 'GPUs of one instance', unit: 'GPU/instance', value: 8, source: 'gpus/h200-sxm#spec' },
    { kind: 'input', id: 'hours_per_month', label: 'average hours of a month', unit: 'hour/month', value: 730, source: 'user' },
    {
      kind: 'lookup',
      id: 'requests_per_second',
      label: 'requests of one replica',
      unit: 'request/s',
      value: 1.4,
      low: 1.12,
      high: 1.75,
      method: 'linear between measured concurrencies',
      source: 'throughput#aiconfigurator',
    },
    {
      kind: 'formula',
      id: 'usd_per_instance_month',
      label: 'one instance, all hours',
      unit: 'USD/month',
      value: 26_280,
      low: 20_440,
      high: 36_792,
      formula: 'usd_per_gpu_hour * gpus_per_instance * hours_per_month',
    },
    {
      kind: 'input',
      id: 'usd_per_mtok',
      label: 'list price of all tokens',
      unit: 'USD/Mtoken',
      value: 0.758,
      source: 'tariffs#genai-prices',
    },
    {
      kind: 'solved',
      id: 'break_even',
      label: 'first volume of equal cost',
      unit: 'token/month',
      value: 34.67e9,
      low: 26.97e9,
      high: 48.54e9,
      method: 'division on the first step',
      residual: 'break_even * usd_per_mtok / 1e6 - usd_per_instance_month',
    },
    {
      kind: 'sampled',
      id: 'advantage',
      label: 'share of samples in which own GPUs are cheaper',
      unit: '',
      value: 0.71,
      method: '512 Halton points',
    },
  ],
  assumptions: [
    { code: 'all-hours', text: 'Rented instances bill all 730 hours of a month', source: 'kplan' },
    { code: 'stand-in', text: 'Kimi-K2.5 stands in for Kimi-K2.7-Code: same geometry', source: 'throughput#aiconfigurator' },
    { code: 'not-counted-people', text: 'People, network and storage are not counted', source: 'kplan' },
  ],
  warnings: ['The workload is public chat traffic, not yours.'],
  sources: {
    'tariffs#genai-prices': { ref: 'pydantic/genai-prices prices/new_data/v2/data.json @0.1.8', date: '2026-09-23', kind: 'quoted' },
    'tariffs#portkey': { ref: 'Portkey-AI/models pricing/deepinfra.json @f654307e', date: '2026-08-21', kind: 'quoted' },
    'offers#h200': { ref: '14 on-demand offers of 9 providers', date: '2026-09-20', kind: 'quoted' },
    'gpus/h200-sxm#spec': { ref: 'NVIDIA H200 datasheet', date: '2024-11', kind: 'spec' },
    'throughput#aiconfigurator': { ref: 'ai-dynamo/aiconfigurator silicon_sample.csv @095f58a5', date: '2026-03-02', kind: 'measured' },
  },
  dataAge: { asOf: '2026-11-22', oldestPrice: '2026-08-21', oldestMeasurement: '2026-03-02' },
};

/** The same on MI300X without any measurement. */
export const unmeasuredAnswer: BreakEvenAnswer = {
  ...breakEvenAnswer,
  answer: 'Nothing is measured for Kimi-K2.7-Code on MI300X; --tokens-per-second gives its speed.',
  offers: [
    {
      ...h200,
      id: 'mi300x/vllm/tp8',
      gpu: 'mi300x',
      gpuName: 'MI300X',
      requestsPerSecond: null,
      tokensPerMonthPerReplica: null,
      plannedTokensPerReplica: null,
      concurrency: null,
      tpotMs: null,
      capacityMethod: 'nothing measured',
    },
  ],
  verdicts: [
    {
      tariff: list.id,
      offer: 'mi300x/vllm/tp8',
      code: 'no-measurement',
      message: 'no curve for int4 on MI300X',
      probability: null,
      breakEvenUsdPerMtok: null,
      crossings: 1,
      remedy: null,
    },
  ],
  crossings: [],
  monthly: [],
};

/** Against a host so cheap that a full replica still costs more. */
export const neverAnswer: BreakEvenAnswer = {
  ...breakEvenAnswer,
  answer: 'Never on 8× H200: even a fully used replica costs more than the API.',
  tariffs: [
    { ...list, usdPerMtok: exactly(0.41) },
    { ...host, usdPerMtok: exactly(0.3) },
  ],
  verdicts: [
    {
      tariff: list.id,
      offer: h200.id,
      code: 'never',
      message: 'a full replica costs $0.58 per Mtok',
      probability: 0.12,
      breakEvenUsdPerMtok: 0.578,
      crossings: 1,
      remedy: null,
    },
    {
      tariff: host.id,
      offer: h200.id,
      code: 'never',
      message: 'a full replica costs $0.58 per Mtok',
      probability: 0.03,
      breakEvenUsdPerMtok: 0.578,
      crossings: 1,
      remedy: null,
    },
  ],
  crossings: [],
};

/** Against a host so cheap that only some of the sampled prices and speeds break even; DCP would help. */
export const openAnswer: BreakEvenAnswer = {
  ...breakEvenAnswer,
  verdicts: breakEvenAnswer.verdicts.map((verdict) =>
    verdict.tariff === list.id
      ? verdict
      : {
          ...verdict,
          code: 'open',
          message: 'one instance costs $26,280 a month, and the API takes $21,572 for all that fits on it',
          probability: 0.42,
          remedy: {
            code: 'dcp',
            message: 'with DCP 8 (--dcp 8): cheaper from 62.9B tokens a month',
            change: { dcp: 8 },
            probability: 0.59,
          },
        },
  ),
  crossings: breakEvenAnswer.crossings.filter(({ tariff }) => tariff === list.id),
};

/** What nobody sends costs nothing at the API. */
export const idleAnswer: BreakEvenAnswer = {
  ...breakEvenAnswer,
  query: { ...breakEvenAnswer.query, tokensPerMonth: 0 },
  answer: 'At 0 tokens a month the API costs nothing, so hosting has no break-even.',
  verdicts: breakEvenAnswer.verdicts.map((verdict) => ({
    ...verdict,
    code: 'no-traffic',
    message: 'at 0 tokens a month the API costs nothing',
  })),
};

/** Many GPU types: five fleets with a known capacity, best first, three without any measurement, and six that are ruled out. */
export const manyAnswer: BreakEvenAnswer = (() => {
  const named = (name: string, measured: boolean): FleetLine => ({
    ...h200,
    id: name,
    gpu: name,
    gpuName: name.toUpperCase(),
    ...(measured
      ? {}
      : { requestsPerSecond: null, tokensPerMonthPerReplica: null, plannedTokensPerReplica: null, concurrency: null, tpotMs: null }),
  });
  const known = ['g1', 'g2', 'g3', 'g4', 'g5'].map((name) => named(name, true));
  const unknown = ['g6', 'g7', 'g8'].map((name) => named(name, false));
  const refusal = (code: 'no-measurement' | 'no-offer' | 'does-not-fit') => (offer: string) =>
    breakEvenAnswer.tariffs.map(({ id }) => ({
      tariff: id,
      offer,
      code,
      message: `${code} on ${offer}${offer === 'g8' ? '; there are measurements in mxfp4' : ''}`,
      probability: null,
      breakEvenUsdPerMtok: null,
      crossings: 1,
      remedy: null,
    }));
  return {
    ...breakEvenAnswer,
    offers: [...known, ...unknown],
    verdicts: [
      ...known.flatMap(({ id }) => breakEvenAnswer.verdicts.map((verdict) => ({ ...verdict, offer: id }))),
      ...['g6', 'g7', 'g8'].flatMap(refusal('no-measurement')),
      ...['g9', 'g10', 'g11', 'g12'].flatMap(refusal('no-offer')),
      ...['g13', 'g14'].flatMap(refusal('does-not-fit')),
    ],
    crossings: known.flatMap(({ id }) => breakEvenAnswer.crossings.map((one) => ({ ...one, id: `${id}_${one.id}`, offer: id }))),
    monthly: known.flatMap(({ id }) => breakEvenAnswer.monthly.map((row) => ({ ...row, id: `${id}_${row.id}`, offer: id }))),
    assumptions: [
      ...[...known, ...unknown].flatMap(({ id }) => [{ code: `price-${id}`, text: `Price of ${id}: a median.`, source: 'kplan' }]),
      ...breakEvenAnswer.assumptions,
    ],
    warnings: known.map(({ gpuName }) => `the capacity of ${gpuName} is modelled, not measured`),
    sources: Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [
        `gpus/g${index}#spec`,
        { ref: 'a data sheet', date: '2026-01', kind: 'spec' as const, note: 'long' },
      ]),
    ),
  };
})();
