import type { Layout } from '../../layout/layout.ts';
import { layoutName } from '../../layout/layout.ts';
import type { FiguredAnswer } from '../figures/figures.ts';
import { fitSubject, reuseSubject, speedSubject } from '../figures/planFigures.ts';
import type { FleetLine } from '../hosting/fleetLine.ts';

/** A replica of an answer, as figures name it. */
export interface NamedReplica {
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

/** The replica that a subject is of. */
export function replicaOf(subject: string, replicas: readonly NamedReplica[]): NamedReplica | undefined {
  const named = replicas.filter(({ name }) => subject === name || subject.startsWith(`${name} `));
  return named.sort((a, b) => b.name.length - a.name.length)[0];
}
