import type { Layout } from '../../layout/layout.ts';
import { layoutKey, layoutName } from '../../layout/layout.ts';
import type { FiguredAnswer } from '../figures/figures.ts';
import { fitSubject, reuseSubject, speedSubject } from '../figures/planFigures.ts';
import type { FleetLine } from '../hosting/fleetLine.ts';
import type { Kinship } from './diffAnswer.ts';

/** A replica of an answer, as figures name it. */
interface NamedReplica {
  /** With what the subjects of its figures begin. */
  readonly name: string;
  /** GPU, count, engine and format. */
  readonly system: string;
  readonly layout: Layout;
}

interface Served {
  readonly gpu: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly format: string;
}

function systemOf({ gpu, engine, engineVersion, format }: Served): string {
  return [gpu, engine, engineVersion, format].join(' ');
}

function ofFleets(fleets: readonly FleetLine[]): NamedReplica[] {
  return fleets.map((fleet) => ({ name: fleet.id, system: systemOf(fleet), layout: fleet.layout }));
}

/** The replicas that figures of an answer are of. */
export function replicasOf(answer: FiguredAnswer): NamedReplica[] {
  switch (answer.schema) {
    case 'kplan/breakeven@1':
      return ofFleets(answer.offers);
    case 'kplan/advise@1':
    case 'kplan/cost@1':
    case 'kplan/hybrid@1':
      return ofFleets(answer.fleets);
    case 'kplan/size@1':
      return ofFleets(answer.fleets.map(({ fleet }) => fleet));
    case 'kplan/fit@1':
      return answer.results.map((result) => ({ name: fitSubject(result), system: systemOf(result), layout: result.layout }));
    case 'kplan/speed@1':
      return answer.replicas.map((replica) => ({ name: speedSubject(replica), system: systemOf(replica), layout: replica.layout }));
    case 'kplan/reuse@1':
      return answer.ways.map((way) => ({ name: reuseSubject(way), system: way.fleet, layout: way.layout }));
  }
}

/** A subject without the name of its layout, which may have changed. */
export function withoutLayout(subject: string, replicas: readonly NamedReplica[]): string {
  const names = [...new Set(replicas.map(({ layout }) => layoutName(layout)))].sort((a, b) => b.length - a.length);
  const found = names.find((name) => subject.includes(` ${name} `) || subject.endsWith(` ${name}`));
  return found === undefined ? subject : subject.replace(` ${found}`, '');
}

function replicaOf(subject: string, replicas: readonly NamedReplica[]): NamedReplica | undefined {
  const named = replicas.filter(({ name }) => subject === name || subject.startsWith(`${name} `));
  return named.sort((a, b) => b.name.length - a.name.length)[0];
}

/** What of a question shapes a request. */
const OF_REQUEST = ['workload', 'inputTokens', 'outputTokens', 'reuse', 'thinkingRatio'] as const;
/** What of a question decides how a replica runs, beside its layout. */
const OF_RUN = [
  'kvCacheDtype',
  'draft',
  'draftTokens',
  'enforceEager',
  'utilization',
  'maxNumSeqs',
  'maxNumBatchedTokens',
  'encoderMode',
] as const;

function said({ query }: FiguredAnswer, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => query[name] ?? null));
}

/** Tells of two figures what their replicas and requests have in common. */
export function kinshipBetween(before: FiguredAnswer, after: FiguredAnswer): (subjectBefore: string, subject: string) => Kinship {
  const [were, are] = [replicasOf(before), replicasOf(after)];
  const differ = (names: readonly string[]) => said(before, names) !== said(after, names);
  const [otherModel, otherRun, otherRequest] = [differ(['model']), differ(OF_RUN), differ(OF_REQUEST)];
  return (subjectBefore, subject) => {
    const [was, is] = [replicaOf(subjectBefore, were), replicaOf(subject, are)];
    if (was === undefined && is === undefined) return 'same';
    if (!was || !is || otherModel || was.system !== is.system) return 'other';
    if (otherRun || layoutKey(was.layout) !== layoutKey(is.layout)) return 'layout';
    return otherRequest ? 'load' : 'same';
  };
}
