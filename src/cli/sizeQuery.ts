import { Fault } from '../faults/fault.ts';
import { given } from '../plan/fit/question.ts';
import type { SizeQuery, WhatIf } from '../plan/size/sizeQuestion.ts';
import type { Percentile, ServiceLevel } from '../serving/serviceLevel.ts';
import { parseDurationMs } from '../units/duration.ts';
import { parseNumber } from '../units/number.ts';
import { flagOf, shareIn } from './deploymentQuery.ts';
import { hostingQueryOf } from './hostingQuery.ts';
import { LEVEL_WORDS } from './serviceOptions.ts';
import type { SizeOptions } from './sizeOptions.ts';

function levelsOf(options: SizeOptions): ServiceLevel[] {
  return LEVEL_WORDS.flatMap((name) => {
    const text = options[name];
    if (text === undefined) return [];
    const metric = name.startsWith('ttft') ? 'ttft' : 'tpot';
    return [{ metric, percentile: Number(name.slice(5)) as Percentile, limitMs: parseDurationMs(text, flagOf(name)) }];
  });
}

const EVENT = /^(fail)=(\d+)$|^(burst)=(\d+(?:\.\d+)?)x?$/;

function whatIfsOf(text: string): WhatIf[] {
  return text.split(',').map((event) => {
    const [, fail, failed, burst, factor] = EVENT.exec(event.trim()) ?? [];
    if (fail) return { kind: 'fail', replicas: Number(failed) };
    if (burst) return { kind: 'burst', factor: Number(factor) };
    throw new Fault('invalid', 'not an event', { where: '--what-if', value: event, allowed: 'fail=N replicas, burst=Nx as many requests' });
  });
}

/**
 * Reads the words of `kplan size` into a query.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export function sizeQueryOf(options: SizeOptions): SizeQuery {
  const { rps, conversations, activeShare, loadRate, whatIf, chart, chartDay } = options;
  const curves = [...(chart === undefined ? [] : ['load' as const]), ...(chartDay === undefined ? [] : ['day' as const])];
  const number = (text: string | undefined, where: string) => (text === undefined ? undefined : parseNumber(text, where, { above: 0 }));
  const gigabytes = number(loadRate, '--load-rate');
  const levels = levelsOf(options);
  return {
    ...hostingQueryOf(options),
    ...given('requestsPerSecond', number(rps, '--rps')),
    ...given('conversationsPerHour', number(conversations, '--conversations')),
    ...given('activeShare', activeShare === undefined ? undefined : shareIn(activeShare, '--active-share', { above: 0 })),
    ...given('loadBytesPerSecond', gigabytes === undefined ? undefined : gigabytes * 1e9),
    ...(levels.length === 0 ? {} : { levels }),
    ...(whatIf === undefined ? {} : { whatIf: whatIfsOf(whatIf) }),
    ...(curves.length === 0 ? {} : { curves }),
    ...given('simulate', options.simulate === true ? true : undefined),
  };
}
