import type { Planning } from '../../cost/planning.ts';
import { inputTokensOf } from '../../cost/tokenLeaves.ts';
import type { Origin, TermSheet } from '../../evidence/term.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { SECONDS_PER_HOUR } from '../../units/time.ts';
import { apiReuse } from '../../workload/loadPoint.ts';
import { apiLeaves, cacheWriteShare } from '../api/apiPrices.ts';
import type { Catalog } from '../catalog.ts';
import type { HostingQuery, HostingQuestion } from './hostingQuestion.ts';

function lengthTerms(sheet: TermSheet, { demand }: HostingQuestion, query: HostingQuery, catalog: Catalog): void {
  const source = demand.workload?.source ?? 'user';
  const origin = (asked: boolean): Origin => (asked ? 'user' : source);
  const { traffic, thinkingShare, thinkingRatio } = demand;
  const ofOutput = origin(demand.asked.outputTokens);
  const ofThinking = origin(query.thinkingShare !== undefined);
  sheet.input('inputTokens', 'input of one request, reused or not', 'token/request', demand.inputTokens, origin(demand.asked.inputTokens));
  if (thinkingRatio === 1 || traffic.thinkingShare === null || thinkingShare === null) {
    sheet
      .input('outputTokens', 'output of one request', 'token/request', demand.outputTokens, ofOutput)
      .input(
        'thinkingShare',
        'share of the output that is thinking',
        '',
        thinkingShare ?? 0,
        thinkingShare === null ? 'kplan' : ofThinking,
      );
  } else {
    const published = catalog.planning.thinkingChanges.find(({ from }) => from === demand.workload?.trafficOf)?.ratio.source;
    sheet
      .input('trafficOutputTokens', 'output of one request in the traffic', 'token/request', traffic.outputTokens, ofOutput)
      .input('trafficThinkingShare', 'share of it that is thinking', '', traffic.thinkingShare, ofThinking)
      .input(
        'thinkingRatio',
        'thinking tokens of this model for each one of the traffic',
        '',
        thinkingRatio,
        query.thinkingRatio === undefined ? (published ?? 'kplan') : 'user',
      )
      .formula(
        'outputTokens',
        'output of one request',
        'token/request',
        demand.outputTokens,
        'trafficOutputTokens * (1 - trafficThinkingShare + trafficThinkingShare * thinkingRatio)',
      )
      .formula(
        'thinkingShare',
        'share of the output that is thinking',
        '',
        thinkingShare,
        'trafficOutputTokens * trafficThinkingShare * thinkingRatio / outputTokens',
      );
  }
  sheet.formula('tokensPerRequest', 'tokens of one request', 'token/request', tokensPerRequest(demand), 'inputTokens + outputTokens');
}

/** The tokens of one request as an API bills them, disjoint but for thinking. */
function leafTerms(sheet: TermSheet, question: HostingQuestion): void {
  const { demand } = question;
  const leaves = apiLeaves(question);
  const reuse = apiReuse(demand);
  const unit = 'token/request';
  sheet
    .input(
      'apiReuse',
      'share of the input that the API finds in its KV cache',
      '',
      reuse,
      demand.askedReuse === null ? (demand.workload?.source ?? 'user') : 'user',
    )
    .input(
      'cacheWriteShare',
      'share of the other input that is written there',
      '',
      cacheWriteShare(demand, question.cacheWriteShare),
      question.cacheWriteShare === null ? 'kplan' : 'user',
    )
    .formula('cacheReadTokens', "input read from the API's cache", unit, leaves.cacheRead, 'inputTokens * apiReuse')
    .formula('cacheWriteTokens', 'input written to it', unit, leaves.cacheWrite, 'inputTokens * (1 - apiReuse) * cacheWriteShare')
    .formula('uncachedTokens', 'input that is neither', unit, leaves.uncached, 'inputTokens * (1 - apiReuse) * (1 - cacheWriteShare)')
    .formula('thinkingTokens', 'output that is thinking', unit, leaves.thinking, 'outputTokens * thinkingShare')
    .formula('answerTokens', 'output that is not', unit, leaves.output - leaves.thinking, 'outputTokens - thinkingTokens');
  const { traffic, thinkingRatio } = demand;
  if (thinkingRatio !== 1 && traffic.thinkingShare !== null)
    sheet
      .formula(
        'trafficThinkingTokens',
        'output of the traffic that is thinking',
        unit,
        traffic.outputTokens * traffic.thinkingShare,
        'trafficOutputTokens * trafficThinkingShare',
      )
      .formula(
        'trafficAnswerTokens',
        'output of the traffic that is not',
        unit,
        traffic.outputTokens * (1 - traffic.thinkingShare),
        'trafficOutputTokens - trafficThinkingTokens',
      );
  if (Math.abs(inputTokensOf(leaves) - demand.inputTokens) > 1e-6) throw new Error('leaves do not add up to the input');
}

/** The hours in which the traffic comes: of a working month where users are counted and nothing else is asked. */
function hoursTerms(sheet: TermSheet, { volume }: HostingQuestion, query: HostingQuery, planning: Planning): void {
  const label = 'hours of the month in which the traffic comes';
  const { workDaysPerMonth: days, workHoursPerDay: hours } = planning;
  if (volume.users) sheet.input('workDaysPerMonth', 'working days', 'day/month', days.value, days.source);
  if (volume.users && volume.trafficHours === days.value * hours.value && query.trafficUtc === undefined && query.hoursPerDay === undefined)
    sheet
      .input('workHoursPerDay', 'hours of a working day', 'hour/day', hours.value, hours.source)
      .formula('trafficHours', label, 'hour/month', volume.trafficHours, 'workDaysPerMonth * workHoursPerDay');
  else
    sheet.input(
      'trafficHours',
      label,
      'hour/month',
      volume.trafficHours,
      query.hoursPerDay === undefined && query.trafficUtc === undefined ? 'kplan' : 'user',
    );
}

function volumeTerms(sheet: TermSheet, { volume, demand }: HostingQuestion, query: HostingQuery, planning: Planning): void {
  const { requestsPerMonth: requests, users } = volume;
  const unit = 'request/month';
  if (requests === null) return;
  if (query.tokensPerMonth !== undefined) {
    sheet
      .input('tokensPerMonth', 'volume asked', 'token/month', query.tokensPerMonth, 'user')
      .formula('requestsPerMonth', 'requests of the month', unit, requests, 'tokensPerMonth / tokensPerRequest');
    return;
  }
  if (users) {
    const rate: Origin = query.requestsPerUserHour === undefined ? (demand.workload?.source ?? 'kplan') : 'user';
    const label = 'active hours of a user';
    if (query.activeHours !== undefined) sheet.input('activeHours', label, 'hour/month', users.activeHours, 'user');
    else
      sheet
        .input(
          'activeHoursPerDay',
          'active hours of a working day',
          'hour/day',
          planning.activeHoursPerDay.value,
          planning.activeHoursPerDay.source,
        )
        .formula('activeHours', label, 'hour/month', users.activeHours, 'activeHoursPerDay * workDaysPerMonth');
    sheet
      .input('users', 'users', '', users.count, 'user')
      .input('requestsPerUserHour', 'requests of one user in an active hour', 'request/hour', users.requestsPerHour, rate)
      .formula('requestsPerMonth', 'requests of the month', unit, requests, 'users * requestsPerUserHour * activeHours');
  } else sheet.input('requestsPerMonth', 'requests of the month', unit, requests, 'user');
  sheet.formula(
    'tokensPerMonth',
    'tokens of the month',
    'token/month',
    requests * tokensPerRequest(demand),
    'requestsPerMonth * tokensPerRequest',
  );
}

/** What all numbers of an answer rest on: the mean request, its volume, hours and rules of planning. */
export function demandTerms(sheet: TermSheet, question: HostingQuestion, query: HostingQuery, catalog: Catalog): void {
  const { volume, maxLoad, spareReplicas, ownership } = question;
  const { staffing } = ownership;
  const said = (asked: unknown): Origin => (asked === undefined ? 'kplan' : 'user');
  const spread = catalog.planning.spreadMonths;
  lengthTerms(sheet, question, query, catalog);
  leafTerms(sheet, question);
  sheet
    .input('tokensPerMtok', 'tokens in a million', 'token/Mtoken', 1e6, 'kplan')
    .input('secondsPerHour', 'seconds in an hour', 's/hour', SECONDS_PER_HOUR, 'kplan')
    .input('monthsPerYear', 'months in a year', 'month/year', 12, 'kplan')
    .input('hoursPerMonth', 'hours in a month', 'hour/month', volume.hoursPerMonth, said(query.hoursPerMonth));
  hoursTerms(sheet, question, query, catalog.planning);
  volumeTerms(sheet, question, query, catalog.planning);
  sheet
    .input('maxLoad', 'share of the capacity that is planned', '', maxLoad, said(query.maxLoad))
    .input('spareReplicas', 'replicas kept spare', '', spareReplicas, said(query.spareReplicas))
    .input('ftePerEightGpus', 'people for eight GPUs', '', staffing.ftePerEightGpus, staffing.ftePerEightGpus.source)
    .input('usdPerFteMonth', 'cost of one of them', 'USD/month', staffing.usdPerFteMonth, staffing.usdPerFteMonth.source)
    .input('rampMonths', 'months paid before traffic moves', 'month', ownership.rampMonths, said(query.rampMonths))
    .input('oneOffUsd', 'paid once for moving', 'USD', ownership.oneOffUsd, said(query.oneOffUsd))
    .input('spreadMonths', 'months over which these are spread', 'month', spread.value, spread.source)
    .formula('fixedUsd', 'what moving costs, spread', 'USD/month', ownership.oneOffUsd / spread.value, 'oneOffUsd / spreadMonths');
}
