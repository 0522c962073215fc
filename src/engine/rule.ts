import type { Source } from '../evidence/source.ts';
import type { Layout } from '../layout/layout.ts';
import type { Deployment, KvCacheDtype } from './deployment.ts';
import type { EngineId } from './engine.ts';
import { inRange } from './version.ts';

/** Choices beside the layout that would satisfy a rule. */
export interface Settings {
  readonly engineVersion?: string;
  readonly format?: string;
  readonly kvCacheDtype?: KvCacheDtype;
  readonly utilization?: number;
}

/** What would satisfy a rule. */
interface Repair {
  /** Layout members, nearest first. */
  readonly nearest?: readonly Partial<Layout>[];
  readonly settings?: Settings;
}

/** What a rule found: `fail` makes the layout invalid, the others are said beside the verdict. */
export interface Finding extends Repair {
  readonly outcome: 'fail' | 'warning' | 'note';
  readonly message: string;
  /** The best verdict that a warning leaves; any where absent. */
  readonly atMost?: 'marginal';
}

/** One validity rule of an engine over a range of its versions. */
export interface Rule {
  readonly id: string;
  readonly engine: EngineId;
  /** First version that it holds for. */
  readonly since?: string;
  /** First version that it no longer holds for. */
  readonly before?: string;
  readonly title: string;
  readonly source: Source;
  /** null = passed. */
  readonly check: (deployment: Deployment) => Finding | null;
}

/** Whether the rule speaks about this engine and version at all. */
export function applies(rule: Rule, { release }: Deployment): boolean {
  return rule.engine === release.engine.id && inRange(release.version, rule.since, rule.before);
}

export function fail(message: string, repair: Repair = {}): Finding {
  return { outcome: 'fail', message, ...repair };
}

export function warn(message: string): Finding {
  return { outcome: 'warning', message };
}

export function note(message: string): Finding {
  return { outcome: 'note', message };
}

/** The values next to `asked`, one below and one above it up to `most`, that are accepted; nearest first, `asked` itself alone. */
export function nearestAccepted(asked: number, most: number, accepted: (n: number) => boolean): number[] {
  const below = Array.from({ length: asked }, (_, index) => asked - index).find(accepted);
  const above = Array.from({ length: Math.max(0, most - asked + 1) }, (_, index) => asked + index).find(accepted);
  return [...new Set([below, above])].filter((n): n is number => n !== undefined).sort((a, b) => Math.abs(a - asked) - Math.abs(b - asked));
}

/** The values below and above `asked` that divide `total`, nearest first. */
export function nearestDivisors(total: number, asked: number): number[] {
  return nearestAccepted(asked, total, (n) => total % n === 0);
}
