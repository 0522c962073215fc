import { OWNERSHIP_INPUTS } from '../../cost/ownership.ts';
import { counts } from '../../cost/purchase.ts';
import type { Tariff } from '../../cost/tariff.ts';
import type { Assumption } from '../../evidence/assumption.ts';
import { valueAt } from '../../evidence/distribution.ts';
import type { SourceId } from '../../evidence/source.ts';
import { formatUsd } from '../../units/money.ts';
import { formatContext, formatCount } from '../../units/tokens.ts';
import { apiReuse, type Demand } from '../../workload/loadPoint.ts';
import { type ApiPrice, cacheWriteShare } from '../api/apiPrices.ts';
import { uncertainText } from '../outlook/uncertainty.ts';
import type { HostingQuery, HostingQuestion } from './hostingQuestion.ts';
import { inFlightNote, percent, plannedRateInWords, replicaInWords, tariffInWords } from './hostingWords.ts';
import type { SelfHost } from './selfHost.ts';
import { activeAtOnce } from './trafficVolume.ts';

type Said = (asked: unknown) => 'user' | 'kplan';

/** A number without the noise of binary fractions. */
const tidy = (value: number) => Number(value.toPrecision(4));

const said: Said = (asked) => (asked === undefined ? 'kplan' : 'user');

/** Collects assumptions in the order in which they are made. */
class Assumptions {
  readonly list: Assumption[] = [];

  add(code: string, text: string, source: SourceId): this {
    this.list.push({ code, text, source });
    return this;
  }
}

function demandAssumptions(
  into: Assumptions,
  query: HostingQuery,
  { demand, contextTokens, cacheWriteShare: asked }: HostingQuestion,
): void {
  const { workload, traffic, thinkingRatio, thinkingShare } = demand;
  const output = formatCount(Math.round(traffic.outputTokens));
  into
    .add(
      'workload',
      `Per request ${formatCount(demand.inputTokens)} input${demand.asked.inputTokens ? ' (as asked)' : ''} and ${output} output tokens${demand.asked.outputTokens ? ' (as asked)' : ''}${workload ? `: ${workload.name}. ${workload.note}` : '.'}`,
      workload?.source ?? 'user',
    )
    .add(
      'api-reuse',
      `The API finds ${(apiReuse(demand) * 100).toFixed(1)} % of the input in its KV cache${demand.askedReuse === null ? reuseRange(demand) : ''}.`,
      demand.askedReuse === null ? (workload?.source ?? 'kplan') : said(query.reuse),
    )
    .add(
      'cache-write',
      `${percent(cacheWriteShare(demand, asked))} of the other input is written to the API's cache, which costs more at some hosts.`,
      said(query.cacheWriteShare),
    );
  if (thinkingShare === null)
    into.add(
      'thinking',
      'How much of the output is thinking is not known of this traffic; thinking bills as output, so the sum holds.',
      'kplan',
    );
  else if (thinkingRatio !== 1) {
    const asked = query.thinkingRatio !== undefined;
    const published = ', as its vendor publishes and nobody has verified (--thinking-ratio 1 leaves it out)';
    into.add(
      'thinking',
      `Thinking is ${percent(traffic.thinkingShare ?? 0)} of the output of the traffic; this model needs ${percent(thinkingRatio)} of those tokens${asked ? '' : published}.`,
      said(query.thinkingRatio),
    );
  } else
    into.add(
      'thinking',
      `Thinking is ${percent(thinkingShare)} of the output.`,
      query.thinkingShare === undefined ? (workload?.source ?? 'kplan') : 'user',
    );
  into.add(
    'context',
    `A replica must hold one sequence of ${formatContext(contextTokens)} tokens even at high overhead${query.contextTokens === undefined ? ' (the mean request, at least 32k)' : ''}.`,
    said(query.contextTokens),
  );
}

function volumeAssumptions(into: Assumptions, query: HostingQuery, { volume, maxLoad, spareReplicas }: HostingQuestion): void {
  const { users, hoursPerMonth, trafficHours } = volume;
  into.add('hours', `${hoursPerMonth} hours in a month.`, said(query.hoursPerMonth));
  if (users)
    into
      .add(
        'users',
        `A user makes ${tidy(users.requestsPerHour)} requests in an active hour and is active ${tidy(users.activeHours)} hours a month.`,
        said(query.activeHours ?? query.requestsPerUserHour),
      )
      .add(
        'active-share',
        `They are active evenly over ${Number(trafficHours.toFixed(1))} hours a month, ${percent(activeAtOnce(volume) ?? 0)} of them at once; \`kplan size\` plans a busiest hour with all of them unless --active-share says otherwise.`,
        said(query.activeHours ?? query.hoursPerDay),
      );
  if (trafficHours < hoursPerMonth)
    into.add(
      'traffic-hours',
      `The traffic comes in ${Number(trafficHours.toFixed(1))} of ${hoursPerMonth} hours, evenly; replicas are sized for those.`,
      said(query.hoursPerDay),
    );
  into.add('max-load', `Replicas are planned to ${percent(maxLoad)} of their capacity.`, said(query.maxLoad));
  if (spareReplicas > 0)
    into.add(
      'spare',
      `${spareReplicas} spare ${spareReplicas === 1 ? 'replica (N+1)' : 'replicas'} beside those that carry the load.`,
      'user',
    );
}

/** What is stated of the reuse of a workload. */
function reuseRange({ workload }: Demand): string {
  if (!workload) return '';
  const { low, high } = workload.reuse;
  return low === high ? ', as stated for the workload' : ` (${percent(low)} to ${percent(high)} is stated for the workload)`;
}

function ownershipText({ ownership }: HostingQuestion): string {
  const { inputs } = ownership;
  return [
    `${inputs.lifeYears.value} years of use`,
    `${percent(inputs.residualShare.value)} left then`,
    `${percent(inputs.costOfCapital.value)} cost of capital`,
    `${percent(inputs.maintenanceShare.value)} maintenance a year`,
    `${inputs.usdPerKwh.value} USD per kWh at PUE ${inputs.pue.value}`,
    `${formatUsd(inputs.colocationUsdPerMonth.value)} colocation a month`,
  ].join(', ');
}

function fleetAssumptions(into: Assumptions, query: HostingQuery, question: HostingQuestion, sides: readonly SelfHost[]): void {
  const { ownership, lens } = question;
  for (const side of sides) {
    const { capacity, supply } = side;
    const { release } = side.judged.deployment;
    into
      .add(
        `replica-${side.key}`,
        `One replica is ${replicaInWords(side)} on ${release.engine.name} ${release.version}: ${formatCount(side.kvTokens)} KV tokens, which find ${(side.reuse.value * 100).toFixed(1)} % of the input${side.reuse.low === side.reuse.high ? '' : ` (${percent(side.reuse.low)} to ${percent(side.reuse.high)})`}${plannedRateInWords(side, question)}.`,
        said(query.tp ?? query.gpus),
      )
      .add(`price-${side.key}`, `Price of ${side.gpu.name}: ${supply.method}.`, supply.source)
      .add(
        `capacity-${side.key}`,
        `Capacity of ${side.gpu.name}: ${capacity.kind === 'no-measurement' ? capacity.reason : capacity.method}.`,
        capacity.kind === 'no-measurement' ? 'kplan' : capacity.source,
      );
  }
  const changed = OWNERSHIP_INPUTS.some((name) => query[name] !== undefined);
  if (sides.some(({ supply }) => supply.owned))
    into.add(
      'ownership',
      `${ownership.preset.name}${changed ? ', changed as asked' : ''}: ${ownershipText(question)}.`,
      changed ? 'kplan' : ownership.preset.lifeYears.source,
    );
  if (ownership.rampMonths > 0 || ownership.oneOffUsd > 0)
    into.add(
      'spread',
      `${ownership.rampMonths} months of ramp-up and ${formatUsd(ownership.oneOffUsd)} for moving are spread over ${ownership.spreadMonths} months.`,
      'kplan',
    );
  const { ftePerEightGpus: fte, usdPerFteMonth: usd } = ownership.staffing;
  if (counts('staff', lens))
    into.add('staff', `${tidy(fte.value)} people for eight GPUs at ${formatUsd(usd.value)} a month each.`, fte.source);
  if (lens === 'incremental')
    into.add(
      'lens',
      'Incremental: machines and people are there already; what hosting adds is counted, and there is nothing to pay back.',
      said(query.lens),
    );
}

function tariffAssumptions(into: Assumptions, prices: readonly ApiPrice[], { fit }: HostingQuestion): void {
  const model = fit.base.model.id;
  const usd = (price: number) => String(Number(price.toPrecision(6)));
  const { list, others } = { list: prices[0]?.line.role === 'list', others: prices.length };
  if (list && others === 1)
    into.add(
      'one-baseline',
      'No standard host with a price of at most 180 days undercuts the list price, so there is one API price.',
      'kplan',
    );
  for (const { line, tariff } of prices) {
    const published = tariff.cacheReadUsdPerMtok === null ? ' (no cache-read price published: that of input)' : '';
    into.add(
      `tariff-${line.role}`,
      `${tariffInWords(line, model)}: ${usd(line.inputUsdPerMtok)} input, ${usd(line.cacheReadUsdPerMtok)} cache read${published}, ${usd(line.outputUsdPerMtok)} output USD per million tokens${conditionsOf(tariff)}, ${line.date}.`,
      line.source,
    );
  }
}

/** Said where another model is priced. */
export const OTHER_MODELS =
  'Other models are priced for the same traffic; their tokenizers and the length of their thinking differ, and what is published of thinking counts for the asked model alone.';

/** How the prices of a tariff with conditions were chosen. */
function conditionsOf({ conditions }: Tariff): string {
  const hours = conditions.some(({ hoursUtc }) => hoursUtc.length > 0) ? ', mean over the hours of the traffic' : '';
  return conditions.some(({ aboveInputTokens }) => aboveInputTokens !== null) ? `, the context tier of the mean request${hours}` : hours;
}

/** What the user is not sure of. */
function uncertainAssumptions(into: Assumptions, { uncertainty }: HostingQuestion): void {
  for (const [name, distribution] of Object.entries(uncertainty.inputs)) {
    const middle = Number(valueAt(distribution, 0.5).toPrecision(6));
    into.add(
      `uncertain-${name}`,
      `${name.replace(/^variables\./, '')}: ${uncertainText(distribution)}; tables hold for its median ${middle}`,
      'user',
    );
  }
}

/** What an answer plans beyond the month. */
export interface Planned {
  readonly months: boolean;
  readonly taxes: boolean;
}

/** What is counted and what is not, whatever is asked; `question` decides on the rest. */
function counted(
  { lens, spareReplicas, ownership, volume, stopIdle }: HostingQuestion,
  { months, taxes }: Planned,
): [code: string, text: string][] {
  const full = lens === 'fully-loaded';
  const is = (yes: boolean, code: string, text: string): [string, string] => [
    `${yes ? 'counted' : 'not-counted'}-${code}`,
    `${yes ? 'Counted' : 'Not counted'}: ${text}`,
  ];
  return [
    stopIdle
      ? is(false, 'idle', 'hours without traffic of instances on demand or spot: they are given back (--stop-idle).')
      : is(true, 'idle', 'idle hours; instances are paid around the clock unless they are given back (--stop-idle).'),
    is(true, 'whole-instances', 'whole instances; the self-host cost is a staircase.'),
    is(true, 'reuse', 'prefix reuse on both sides, at the cache-read price on the API and as saved prefill on the GPUs.'),
    is(full, 'staff', 'engineers and on-call staff.'),
    is(spareReplicas > 0, 'spare', 'spare replicas (N+1: --spare 1).'),
    is(ownership.rampMonths > 0 && full, 'ramp-up', 'months paid before traffic moves (--ramp-months).'),
    is(ownership.oneOffUsd > 0, 'moving', 'what moving costs once (--one-off).'),
    is(volume.trafficHours < volume.hoursPerMonth, 'peak', 'hours without traffic: replicas are sized for the hours with it.'),
    ['not-counted-thinking', 'Not counted: more thinking than the workload states, and thinking of earlier turns that is sent again.'],
    ['not-counted-storage', `Not counted: storage, egress${taxes ? '' : ', taxes'} and currency.`],
    ['not-counted-bursts', 'Not counted: bursts and latency targets; load is spread evenly over its hours.'],
    ['not-counted-retries', `Not counted: failed and repeated requests${months ? '' : ', and price changes after today'}.`],
  ];
}

/** Everything that an answer on hosting takes for granted. */
export function hostingAssumptions(
  query: HostingQuery,
  question: HostingQuestion,
  sides: readonly SelfHost[],
  prices: readonly ApiPrice[],
  planned: Planned = { months: false, taxes: false },
): Assumption[] {
  const { model, checkpoint } = question.fit.base;
  const into = new Assumptions();
  into
    .add('model', `Model ${model.id} in ${checkpoint.format}.`, said(query.model ?? query.format))
    .add(
      'as-of',
      `Prices and measurements as known on ${question.asOf}; specifications of models, GPUs and engines, ownership inputs, staff and account limits are not dated back.`,
      said(query.asOf),
    );
  demandAssumptions(into, query, question);
  volumeAssumptions(into, query, question);
  fleetAssumptions(into, query, question, sides);
  tariffAssumptions(into, prices, question);
  uncertainAssumptions(into, question);
  if (prices.some(({ line }) => line.model !== model.id)) into.add('against', OTHER_MODELS, 'kplan');
  const inFlight = sides.flatMap((side) => inFlightNote(side, question));
  for (const [code, text] of [...counted(question, planned), ...inFlight]) into.add(code, text, 'kplan');
  return into.list;
}
