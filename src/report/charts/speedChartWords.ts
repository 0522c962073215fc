import type { SpeedAnswer, SpeedPoint, SpeedReplica } from '../../plan/speed/speedAnswer.ts';
import { formatCount } from '../../units/tokens.ts';
import { formatBand, formatShare } from '../format.ts';
import { inert } from '../plainText.ts';
import { runsInWords } from '../runs.ts';
import { brief, replicaName } from '../speedTables.ts';

/** The drawn point with the most in flight of which none waits; the first where all wait. */
function fullest({ points }: SpeedReplica): SpeedPoint | undefined {
  return points.findLast(({ queued }) => !queued) ?? points[0];
}

function subject({ gpus, gpuName }: SpeedReplica): string {
  return `${gpus}× ${inert(gpuName)}`;
}

/** Layout too where two replicas are on the same GPUs. */
function subjectAmong(replica: SpeedReplica, replicas: readonly SpeedReplica[]): string {
  const alike = replicas.filter((other) => subject(other) === subject(replica)).length > 1;
  return alike ? inert(replicaName(replica)) : subject(replica);
}

/** Output of a replica with as many requests in flight as were drawn without a wait, tokens per second. */
export function outputOf(replica: SpeedReplica): number {
  return fullest(replica)?.outputTokensPerSecond.value ?? 0;
}

/**
 * The finding: what one replica puts out with as many users as it holds and what each of them gets; of
 * several replicas the one with the most output, and how it compares with the next.
 *
 * @param replicas what is drawn, at least one
 */
export function speedFinding(replicas: readonly SpeedReplica[]): string {
  const [best, next] = [...replicas].sort((a, b) => outputOf(b) - outputOf(a));
  const point = best && fullest(best);
  if (best === undefined || point === undefined) return 'No speed is known';
  const { outputTokensPerSecond, tokensPerSecondPerUser, concurrency } = point;
  const verb = next === undefined ? 'write' : 'write most:';
  const users = concurrency === 1 ? 'one user' : `${formatCount(concurrency)} users at once`;
  const each = concurrency === 1 ? '' : `, ${formatBand(tokensPerSecondPerUser, brief)} for each`;
  const times = next === undefined ? '' : `; ${brief(outputOf(best) / outputOf(next))} times as many as ${subjectAmong(next, replicas)}`;
  return `${subjectAmong(best, replicas)} ${verb} ${formatBand(outputTokensPerSecond, brief)} tokens a second for ${users}${each}${times}`;
}

function askedInWords({ query }: SpeedAnswer, [first]: readonly SpeedReplica[]): string {
  const { model, workload, inputTokens, outputTokens, reuse } = query;
  const tokens = (count: unknown) => (typeof count === 'number' ? formatCount(count) : '?');
  const parts = [
    [model, first?.format, `${first?.engine} ${first?.engineVersion}`].filter((part) => part !== undefined).join(', '),
    ...(typeof workload === 'string' ? [workload] : []),
    `${tokens(inputTokens)} input and ${tokens(outputTokens)} output tokens per request`,
    ...(typeof reuse === 'number' && reuse > 0 ? [`${formatShare(reuse)} of the input found in the KV cache`] : []),
  ];
  return parts.join(' · ');
}

/** How the line is known: of one replica where it was measured, of several in general. */
function lineInWords(replicas: readonly SpeedReplica[]): string {
  const points = replicas.flatMap((replica) => replica.points);
  const bases = [...new Set(points.map(({ basis }) => basis))];
  if (bases.length === 1) return `line: ${bases[0]}`;
  if (replicas.length > 1) return 'lines: read from measured curves where there are any, else modelled';
  const parts = bases.map((basis) => {
    const where = runsInWords(
      points,
      (point) => point.basis === basis,
      ({ concurrency }) => formatCount(concurrency),
    );
    return `${basis} at ${where}`;
  });
  return `line: ${parts.join(', ')} in flight`;
}

/** What was asked, what the marks mean, and of which day the facts are: lines of a subtitle. */
export function speedSubtitle(answer: SpeedAnswer, replicas: readonly SpeedReplica[], compared: number): string[] {
  const several = replicas.length > 1;
  const all = replicas.flatMap(({ points }) => points);
  const kvAlone = replicas.every(({ limitedBy }) => limitedBy === 'kv-cache');
  const legend = [
    'shade: 80 % of real cases',
    lineInWords(replicas),
    ...(replicas.some(({ measured }) => measured.length > 0) ? ['● measured'] : []),
    ...(replicas.some(({ knee }) => knee !== null) ? [`${several ? '▲ ' : ''}knee: more users mostly slow each other down`] : []),
    ...(several ? [`■ ${kvAlone ? 'KV cache full' : 'no more is admitted'}`] : []),
    ...(all.some(({ queued }) => queued) ? ['dashed: requests wait for a place'] : []),
  ];
  const best = compared > replicas.length ? ` · the ${replicas.length} replicas of ${compared} that write most` : '';
  return [askedInWords(answer, replicas), legend.join(' · '), `speeds as known on ${answer.dataAge.asOf}${best}`];
}

/** Label at the end of the lines of one replica among several. */
export function speedLabel({ gpus, gpuName, layout, ...replica }: SpeedReplica): string {
  const [, name = ''] = replicaName({ ...replica, gpus, gpuName, layout }).split(/, (?=[^,]*$)/);
  return `${gpus}× ${inert(gpuName)}\n${name}`;
}
