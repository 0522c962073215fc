import { Fault } from '../faults/fault.ts';
import { type FitQuery, given } from '../plan/fit/question.ts';
import { parseNumber } from '../units/number.ts';
import type { DeploymentWords } from './deploymentOptions.ts';

const COUNTS = ['gpus', 'tp', 'pp', 'dp', 'ep', 'dcp', 'attentionDp', 'maxNumSeqs', 'maxNumBatchedTokens', 'draftTokens'] as const;
const NAMES = ['model', 'format', 'engine', 'kvCacheDtype', 'draft'] as const;

/** `attentionDp` as the flag `--attention-dp`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Splits a list of names; refuses an empty one. */
export function namesIn(text: string, where: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === ''))
    throw new Fault('missing', 'a name is empty', { where, value: text, allowed: 'names separated by commas' });
  return names;
}

/** Reads a share between 0 and 1; a percentage is refused rather than guessed. */
export function shareIn(text: string, where: string, range: { readonly min?: number; readonly above?: number }): number {
  const allowed = `${range.above === undefined ? '0' : 'above 0'} up to 1, such as 0.92`;
  if (text.trim().endsWith('%')) throw new Fault('invalid', 'a share, not a percentage', { where, value: text, allowed });
  return parseNumber(text, where, { ...range, max: 1 });
}

function switchIn(text: string, where: string): boolean {
  if (text !== 'on' && text !== 'off') throw new Fault('invalid', 'a switch', { where, value: text, allowed: 'on or off' });
  return text === 'on';
}

/** Reads the words that fix a deployment into the part of a query that does. */
export function deploymentQueryOf(words: DeploymentWords): Omit<FitQuery, 'contextTokens' | 'sequences' | 'terms' | 'rules'> {
  const counts = Object.fromEntries(
    COUNTS.flatMap((name) => {
      const text = words[name];
      return text === undefined ? [] : [[name, parseNumber(text, flagOf(name), { min: 1, integer: true })] as const];
    }),
  );
  const names = Object.fromEntries(NAMES.flatMap((name) => (words[name] === undefined ? [] : [[name, words[name]] as const])));
  const { utilization, mmEncoder, gpu, enforceEager, graphEstimate } = words;
  return {
    ...counts,
    ...names,
    gpu: gpu === undefined ? [] : namesIn(gpu, '--gpu'),
    ...given('enforceEager', enforceEager === true ? true : undefined),
    ...given('graphEstimate', graphEstimate === undefined ? undefined : switchIn(graphEstimate, '--graph-estimate')),
    ...given('encoderMode', mmEncoder as FitQuery['encoderMode'] | undefined),
    ...given('utilization', utilization === undefined ? undefined : shareIn(utilization, '--utilization', { above: 0 })),
  };
}
