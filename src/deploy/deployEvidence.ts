import type { LaunchFacts } from '../catalog/launchFile.ts';
import type { Assumption } from '../evidence/assumption.ts';
import type { BandFact, Source, SourceId } from '../evidence/source.ts';
import { LAYOUT_FLAGS } from '../layout/layout.ts';
import type { AnswerEvidence } from '../plan/answerEvidence.ts';
import type { Catalog } from '../plan/catalog.ts';
import { sourcesUsed } from '../plan/sourcesUsed.ts';
import type { DeployAnswer } from '../report/schema/deploy.ts';
import { checkNumber } from '../units/number.ts';
import type { DeployQuery } from './deployQuery.ts';
import type { Launch } from './launch.ts';
import type { StartTime } from './sizing.ts';
import type { Subject } from './subject.ts';

/** An answer of `fit` with its question. */
interface Judged extends AnswerEvidence {
  readonly query: Readonly<Record<string, unknown>>;
}

const WAYS: readonly string[] = Object.keys(LAYOUT_FLAGS);

/** The question of an answer; ways of a layout that are 1 say nothing. */
export function questionOf({ query }: Judged, row: string): DeployAnswer['query'] {
  const said = Object.entries(query as DeployAnswer['query']).filter(([name, value]) => value !== 1 || !WAYS.includes(name));
  return { row, ...Object.fromEntries(said) };
}

/** The rate at which a node reads the checkpoint: as asked, or what plans assume. */
export function loadRate({ loadBytesPerSecond: asked }: DeployQuery, { planning }: Catalog): BandFact {
  if (asked === undefined) return planning.loadBytesPerSecond;
  const value = checkNumber(asked, '--load-rate', { above: 0, max: 1e15 });
  return { low: value, value, high: value, source: 'user' };
}

/** The rate at which a repository gives the checkpoint, at the slow end of what plans assume; null where nothing is fetched. */
export function fetchRate(query: DeployQuery, { repository }: Subject, rate: BandFact, { planning }: Catalog): number | null {
  if (query.modelPath !== undefined || repository === null) return null;
  return Math.min(rate.low, planning.loadBytesPerSecond.low);
}

/** What a launch takes for granted beside its plan. */
function assumptionsOf({ replicas: asked }: DeployQuery, replicas: number, start: StartTime, rate: BandFact): Assumption[] {
  const { startupSeconds, loadSeconds, fetchSeconds } = start;
  const fetched = fetchSeconds === 0 ? '' : ` after ${fetchSeconds} s in which the first start fetches them`;
  return [
    { code: 'replicas', text: `Replicas: ${replicas}`, source: asked === undefined ? 'kplan' : 'user' },
    {
      code: 'load-rate',
      text: `The files are read in up to ${loadSeconds} s${fetched}, and a start has failed after ${startupSeconds} s`,
      source: rate.source,
    },
  ];
}

/** Sources of the flags, settings and variables of a launch. */
function launchSources({ environment, shared, head, workers, image }: Launch, { sources }: LaunchFacts): [SourceId, Source][] {
  const ids = [...environment, ...shared, ...head, ...workers, ...(image ? [image] : [])].map(({ source }) => source);
  return [...new Set(ids)].flatMap((id): [SourceId, Source][] => {
    const source = sources[id];
    return source ? [[id, source as Source]] : [];
  });
}

/** What an answer of `deploy` rests on: the evidence of its plan, and that of its command lines. */
export function deployEvidence(
  plan: Judged,
  {
    query,
    launch,
    replicas,
    start,
    rate,
  }: {
    readonly query: DeployQuery;
    readonly launch: Launch;
    readonly replicas: number;
    readonly start: StartTime;
    readonly rate: BandFact;
  },
  catalog: Catalog,
  facts: LaunchFacts,
): Pick<DeployAnswer, keyof AnswerEvidence> {
  const sources = [
    ...Object.entries(plan.sources),
    ...Object.entries(sourcesUsed([rate.source], catalog)),
    ...launchSources(launch, facts),
  ];
  return {
    assumptions: [...plan.assumptions, ...assumptionsOf(query, replicas, start, rate)],
    warnings: [...plan.warnings],
    sources: Object.fromEntries(sources.sort(([a], [b]) => (a < b ? -1 : 1))),
    dataAge: plan.dataAge,
  };
}
