/**
 * What a field takes. `number`: a plain number, an uncertain one such as 3.2..4.5, or a formula. `tokens`, `size` and `time`: a text with its
 * unit as the option takes it, or a formula. `open`: a number, a formula or a text that the option reads. `switch`: true or false. `onOff`: on or
 * off. `list`: a text or a list of them. `path`: a file or folder, from the folder of the scenario. `pathOrName`: a name, or such a path.
 */
export type FieldKind = 'number' | 'tokens' | 'size' | 'time' | 'open' | 'switch' | 'onOff' | 'text' | 'list' | 'path' | 'pathOrName';

/** A field of a scenario and the option that it stands for. */
export interface Field {
  /** Keys from the top, with points between them. */
  readonly path: string;
  /** Name of the option as commander has it: `ttftP95` is `--ttft-p95`. */
  readonly word: string;
  readonly kind: FieldKind;
  readonly description: string;
  /** Unit of a formula's value, in mathjs syntax; none for bare numbers. */
  readonly unit?: string;
}

type Row = readonly [path: string, word: string, kind: FieldKind, description: string, unit?: string];

const TIME = ['p50', 'p90', 'p95', 'p99'] as const;

function levels(metric: 'ttft' | 'tpot', what: string): Row[] {
  return TIME.map((percentile) => [
    `levels.${metric}.${percentile}`,
    `${metric}${percentile.toUpperCase()}`,
    'time',
    `${what} that ${percentile.slice(1)} % keep, such as ${metric === 'ttft' ? '5s' : '40ms'}`,
    'ms',
  ]);
}

const ROWS: readonly Row[] = [
  ['model', 'model', 'pathOrName', 'Catalog name, hf:owner/name, or ./path of a config, weights or a GGUF file'],
  ['candidates', 'gpu', 'list', 'GPU types that are compared, with a count of GPUs or without, such as h200:8'],
  ['budget', 'budget', 'open', 'For `advise`: USD that may be spent, such as 4000/month or 50000/year', 'USD/month'],
  ['deployment.format', 'format', 'text', 'Checkpoint format, such as int4 or fp8'],
  ['deployment.engine', 'engine', 'text', 'vllm or sglang, with @version or without; for fit and deploy also llama.cpp or ktransformers'],
  ['deployment.kvCacheDtype', 'kvCacheDtype', 'text', 'bf16, fp8 or fp8_ds_mla'],
  ['deployment.utilization', 'utilization', 'number', 'Memory fraction of the engine, above 0 up to 1'],
  ['deployment.maxNumSeqs', 'maxNumSeqs', 'number', 'Sequences per step that the engine admits'],
  ['deployment.maxNumBatchedTokens', 'maxNumBatchedTokens', 'number', 'Tokens that one step may carry', 'token'],
  ['deployment.draft', 'draft', 'text', 'Speculation: mtp or eagle3'],
  ['deployment.draftTokens', 'draftTokens', 'number', 'Tokens drafted ahead of each step', 'token'],
  ['deployment.enforceEager', 'enforceEager', 'switch', 'No CUDA graphs'],
  ['deployment.graphEstimate', 'graphEstimate', 'onOff', 'Whether the graph memory estimate counts'],
  ['deployment.mmEncoder', 'mmEncoder', 'text', 'Vision encoder: weights (split) or data (whole on every rank)'],
  ['deployment.gpus', 'gpus', 'number', 'GPUs of one replica', 'GPU'],
  ['deployment.tp', 'tp', 'number', 'Tensor-parallel ways'],
  ['deployment.pp', 'pp', 'number', 'Pipeline stages'],
  ['deployment.dp', 'dp', 'number', 'Whole copies of the model side by side'],
  ['deployment.ep', 'ep', 'number', 'Ranks over which whole experts are spread'],
  ['deployment.dcp', 'dcp', 'number', 'Ranks that share the KV cache of a sequence'],
  ['deployment.attentionDp', 'attentionDp', 'number', 'Attention data-parallel groups, each with its own KV cache'],
  ['deployment.host.ram', 'ram', 'size', 'RAM of the host, such as 768GiB', 'B'],
  ['deployment.host.disk', 'disk', 'size', 'Disk from which llama.cpp may read what RAM does not hold', 'B'],
  ['deployment.host.gpuExperts', 'gpuExperts', 'number', 'ktransformers: experts of each layer on the GPUs'],
  ['deployment.host.prefill', 'prefill', 'text', 'ktransformers: layerwise or hybrid'],
  ['deployment.host.prefillChunk', 'prefillChunk', 'tokens', 'ktransformers: tokens of one step of prefill', 'token'],
  ['workload.preset', 'workload', 'pathOrName', 'Name of a preset, or FILE.json of `kplan import workload`'],
  ['workload.trace', 'trace', 'path', 'Usage log or trace that `size` plays instead of the preset'],
  ['workload.ctx', 'ctx', 'tokens', 'Context of which one sequence must fit, such as 128k', 'token'],
  ['workload.sequences', 'sequences', 'number', 'Sequences of that context that must fit at once'],
  ['workload.concurrency', 'concurrency', 'open', 'Requests in flight at one replica: 64, or a range 1..256', 'request'],
  ['workload.inputTokens', 'inputTokens', 'number', 'Input tokens per request, reused or not', 'token/request'],
  ['workload.outputTokens', 'outputTokens', 'number', 'Output tokens per request', 'token/request'],
  ['workload.reuse', 'reuse', 'number', 'Share of input tokens found in the KV cache, 0 to 1'],
  ['workload.thinking', 'thinking', 'number', 'Share of the output that is thinking'],
  ['workload.thinkingRatio', 'thinkingRatio', 'number', 'Thinking tokens of this model for each one of the traffic'],
  ['workload.tokensPerMonth', 'tokensPerMonth', 'number', 'Volume: input, reused or not, plus output', 'token/month'],
  ['workload.requestsPerMonth', 'requestsPerMonth', 'number', 'Volume, in requests', 'request/month'],
  ['workload.users', 'users', 'number', 'Volume, as people of whom the workload knows how much each asks'],
  ['workload.requestsPerUserHour', 'requestsPerUserHour', 'number', 'Requests of one user in an active hour', 'request/hour'],
  ['workload.activeHours', 'activeHours', 'number', 'Active hours of a user in a month', 'hour/month'],
  ['workload.hoursPerDay', 'hoursPerDay', 'number', 'Hours of each day in which the traffic comes', 'hour/day'],
  ['workload.hoursPerMonth', 'hoursPerMonth', 'number', 'Hours of a month that instances are paid for', 'hour/month'],
  ['workload.trafficUtc', 'trafficUtc', 'list', 'The same as hours of the day, such as 08:00-18:00'],
  ['workload.hourly', 'hourly', 'path', 'For `hybrid`: CSV with a column tokens or requests, one row for each hour'],
  ['workload.quantiles', 'quantiles', 'list', 'For `hybrid`: tokens per second of the hours, such as 50=222k'],
  ['workload.requestsPerTask', 'requestsPerTask', 'number', 'Requests of one task', 'request'],
  ['workload.finished', 'finished', 'number', 'Share of the tasks that are finished'],
  ['workload.busiestHour.rps', 'rps', 'number', 'For `size`: requests per second, instead of users', 'request/s'],
  ['workload.busiestHour.conversations', 'conversations', 'number', 'For `size`: conversations that begin, instead of users'],
  ['workload.busiestHour.activeShare', 'activeShare', 'number', 'For `size`: share of the users who are active at once'],
  ...levels('ttft', 'Wait for the first token'),
  ...levels('tpot', 'Time per token'),
  ['levels.whatIf', 'whatIf', 'list', 'What may happen, simulated: fail=1, burst=2x'],
  ['levels.simulate', 'simulate', 'switch', 'Simulate percentiles where none is promised too'],
  ['fleet.purchase', 'purchase', 'list', 'on-demand, spot, reserved-1y, reserved-3y, reserved, owned'],
  ['fleet.offers', 'offer', 'list', 'Prices of the instances, see `kplan data offers`'],
  ['fleet.rent', 'rent', 'number', 'Rent of a GPU an hour, instead of offers', 'USD/GPU/hour'],
  ['fleet.provider', 'provider', 'text', 'Provider of rented instances'],
  ['fleet.region', 'region', 'text', 'Region of rented instances'],
  ['fleet.maxLoad', 'maxLoad', 'number', 'Share of the capacity that is planned to be used'],
  ['fleet.spare', 'spare', 'number', 'Replicas kept beside those that carry the load; 1 is N+1'],
  ['fleet.maxTpot', 'maxTpot', 'number', 'Milliseconds between two tokens of a sequence, at most', 'ms'],
  ['fleet.tokensPerSecond', 'tokensPerSecond', 'number', 'Tokens per second of one replica, instead of measurements', 'token/s'],
  ['fleet.lens', 'lens', 'text', 'fully-loaded, or incremental: without capital, staff and ramp-up'],
  ['fleet.stopIdle', 'stopIdle', 'switch', 'Give rented instances back in the hours without traffic'],
  ['fleet.loadRate', 'loadRate', 'number', 'GB per second at which a node reads the checkpoint', 'GB/s'],
  ['api.tariffs', 'tariff', 'list', 'API prices, see `kplan data tariffs`'],
  ['api.cacheWriteShare', 'cacheWriteShare', 'number', "Share of the other input that is written to the API's cache"],
  ['api.against', 'against', 'list', 'For `cost`: other models to price for the same tokens'],
  ['api.outputWeight', 'outputWeight', 'number', 'For `cost`: input tokens that an output token counts'],
  ['ownership.preset', 'ownership', 'text', 'Set of ownership inputs, see `kplan data ownership`'],
  ['ownership.capex', 'capex', 'number', 'Price of one machine', 'USD'],
  ['ownership.kilowatts', 'kilowatts', 'number', 'What it draws at full load', 'kW'],
  ['ownership.lifeYears', 'lifeYears', 'number', 'Years of use', 'year'],
  ['ownership.residual', 'residual', 'number', 'Share of the price that is left then'],
  ['ownership.costOfCapital', 'costOfCapital', 'number', 'A year, such as 0.08'],
  ['ownership.maintenance', 'maintenance', 'number', 'Share of the price, a year'],
  ['ownership.pue', 'pue', 'number', 'Power usage effectiveness'],
  ['ownership.usdPerKwh', 'usdPerKwh', 'number', 'Price of electricity', 'USD/kWh'],
  ['ownership.colocation', 'colocation', 'number', 'A month and machine', 'USD/month'],
  ['ownership.network', 'network', 'number', 'A month and machine', 'USD/month'],
  ['ownership.fte', 'fte', 'number', 'People for eight GPUs, rented or owned'],
  ['ownership.usdPerFte', 'usdPerFte', 'number', 'Cost of one of them a month', 'USD/month'],
  ['ownership.rampMonths', 'rampMonths', 'number', 'Months that are paid before traffic moves', 'month'],
  ['ownership.oneOff', 'oneOff', 'number', 'Paid once for moving', 'USD'],
  ['time.months', 'months', 'number', 'Months that are planned: cash flow, present value, payback, waiting', 'month'],
  ['time.start', 'start', 'text', 'First month, YYYY-MM'],
  ['time.apiTrend', 'apiTrend', 'list', 'How API prices change: -20%/year, -30..0%/year, 2027-01:-10%, an id of `kplan data trends`'],
  ['time.rentTrend', 'rentTrend', 'list', 'How rents and prices of machines change, likewise'],
  ['time.demandTrend', 'demandTrend', 'list', 'How the volume changes: 30%/year, ramp 6 months'],
  ['time.commitment', 'commitment', 'number', 'Months for which rented instances are bound', 'month'],
  ['time.discount', 'discount', 'number', 'Discount rate a year, such as 0.08'],
  ['time.wait', 'wait', 'list', 'Waits, in months, to hold against hosting now'],
  ['time.depreciation', 'depreciation', 'text', 'Schedule of taxes, see `kplan data depreciation`'],
  ['time.taxRate', 'taxRate', 'number', 'Tax on profits, a share'],
  ['facts.asOf', 'asOf', 'text', 'Use facts up to this day, YYYY-MM-DD'],
  ['facts.catalog', 'catalog', 'path', 'Folder of your own facts, as `kplan import` writes it'],
  ['facts.calibration', 'calibration', 'path', 'What `kplan calibrate` or `kplan reconcile --save` wrote'],
];

/** Every field that stands for an option; nothing else knows which one. */
export const FIELDS: readonly Field[] = ROWS.map(([path, word, kind, description, unit]) => ({
  path,
  word,
  kind,
  description,
  ...(unit === undefined ? {} : { unit }),
}));

/** The parts of a scenario that hold fields. */
export const GROUPS: Readonly<Record<string, string>> = {
  deployment: 'Engine, checkpoint and layout',
  'deployment.host': 'A host that serves from GPUs, RAM and disk together',
  workload: 'What is asked: of one request, and how much in a month',
  'workload.busiestHour': 'How much is asked in the busiest hour',
  levels: 'Service levels that must be kept',
  'levels.ttft': 'Time to the first token',
  'levels.tpot': 'Time per token',
  fleet: 'How GPUs are paid for and how full they may be',
  api: 'The API that hosting is compared with',
  ownership: 'What owning and running costs',
  time: 'Months ahead',
  facts: 'Which facts are used',
};

/** The version of the format that this release reads. */
export const FORMAT = 1;

/** What a scenario says beside its fields. */
export const HEADER: Readonly<Record<string, string>> = {
  kplan: `Version of the format: ${FORMAT}`,
  name: 'What the scenario is called',
  description: 'What it is about',
  variables: 'Numbers of your own that formulas use: a number, an uncertain one, or a formula',
};

/** Whether a text of a field is a file or folder, and no name or address. */
export function isPath(text: string, { kind }: Pick<Field, 'kind'>): boolean {
  return kind === 'path' || (kind === 'pathOrName' && !/^[a-z]+:/i.test(text) && /^\.{0,2}\/|\.json$/i.test(text));
}
