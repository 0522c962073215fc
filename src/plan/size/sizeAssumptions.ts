import type { Assumption } from '../../evidence/assumption.ts';
import { hostingAssumptions } from '../hosting/hostingAssumptions.ts';
import { percent } from '../hosting/hostingWords.ts';
import type { SelfHost } from '../hosting/selfHost.ts';
import { activeAtOnce } from '../hosting/trafficVolume.ts';
import { trafficSource } from './fleetTrial.ts';
import { hostingPart, type SizeQuery, type SizeQuestion } from './sizeQuestion.ts';

/** Assumptions of hosting that hold for a fleet without an API beside it. */
const OF_API: ReadonlySet<string> = new Set([
  'api-reuse',
  'cache-write',
  'traffic-hours',
  'users',
  'active-share',
  'not-counted-bursts',
  'spare',
]);

/** How the simulated requests come about. */
function trafficAssumption(question: SizeQuestion): Assumption[] {
  const { simulate, trace, hosting } = question;
  if (!simulate)
    return [
      {
        code: 'not-counted-percentiles',
        text: 'Not counted: bursts and queues within the busiest hour. Means keep the promised limits; a percentile is above its mean (--simulate).',
        source: 'kplan',
      },
    ];
  const source = hosting.demand.workload?.source ?? 'kplan';
  const words = {
    trace: `Simulated: the requests of ${trace?.name ?? ''}, their times stretched to the asked rate.`,
    conversations:
      'Simulated: users in conversations, one request after the other with the gaps, pauses and growth of the workload; each finds what its replica still holds.',
    lengths: 'Simulated: requests with drawn lengths and gaps, of which each finds the same share of its input.',
  };
  const band = {
    code: 'simulated-band',
    text: 'Replicas from low to high: the fewest that keep what is promised with steps as fast and as slow as the band of the time per token; eight times those of the closed forms where none does.',
    source: 'kplan',
  } as const;
  return [
    { code: 'simulated-traffic', text: words[trafficSource(question).kind], source: trace ? 'user' : source },
    ...(question.levels.length > 0 ? [band] : []),
  ];
}

function dayAssumption({ curves, day, hosting }: SizeQuestion): Assumption[] {
  if (!curves.includes('day') || !day || day.workload.id === hosting.demand.workload?.id) return [];
  return [
    {
      code: 'day-profile',
      text: `No day is known of this workload: the hours are those of ${day.workload.id}.`,
      source: day.workload.source,
    },
  ];
}

function ownAssumptions(
  query: SizeQuery,
  { users, requestsPerSecond, requestsPerUserHour, loadBytesPerSecond, hosting }: SizeQuestion,
): Assumption[] {
  const said = (asked: unknown) => (asked === undefined ? ('kplan' as const) : ('user' as const));
  const { demand } = hosting;
  return [
    users
      ? {
          code: 'busiest-hour',
          text: `In the busiest hour ${Math.round(users.activeShare * 100)} % of the users are active at once (--active-share), each with ${Number(requestsPerUserHour?.toPrecision(3))} requests an hour; \`kplan cost\` and \`kplan breakeven\` spread them evenly over their hours, ${percent(activeAtOnce(hosting.volume) ?? 0)} at once.`,
          source: said(query.activeShare),
        }
      : {
          code: 'busiest-hour',
          text: `The busiest hour brings ${Number(requestsPerSecond.toPrecision(4))} requests per second on average.`,
          source: query.requestsPerSecond === undefined ? (demand.workload?.source ?? 'kplan') : 'user',
        },
    {
      code: 'routing',
      text: 'Conversations are spread evenly over the replicas, and each comes back to the one that holds its prefix.',
      source: 'kplan',
    },
    {
      code: 'cold-start',
      text: `A node reads its checkpoint at ${loadBytesPerSecond.value / 1e9} GB/s (${loadBytesPerSecond.low / 1e9} to ${loadBytesPerSecond.high / 1e9}); compiling and capturing graphs come on top (--load-rate).`,
      source: loadBytesPerSecond.source,
    },
  ];
}

/** What a size rests on. */
export function sizeAssumptions(query: SizeQuery, question: SizeQuestion, sides: readonly SelfHost[]): Assumption[] {
  return [
    ...hostingAssumptions(hostingPart(query), question.hosting, sides, []).filter(({ code }) => !OF_API.has(code)),
    ...ownAssumptions(query, question),
    ...trafficAssumption(question),
    ...dayAssumption(question),
  ];
}
