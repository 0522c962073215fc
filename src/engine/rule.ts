import type { Source } from '../evidence/source.ts';
import type { Layout } from '../layout/layout.ts';
import type { Deployment } from './deployment.ts';
import type { EngineId } from './engine.ts';
import { inRange } from './version.ts';

/** What a rule found: `fail` makes the layout invalid, the others are said beside the verdict. */
export interface Finding {
  readonly outcome: 'fail' | 'warning' | 'note';
  readonly message: string;
  /** Layout members that would satisfy the rule, nearest first. */
  readonly nearest?: readonly Partial<Layout>[];
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

export function fail(message: string, nearest: readonly Partial<Layout>[] = []): Finding {
  return { outcome: 'fail', message, nearest };
}

export function warn(message: string): Finding {
  return { outcome: 'warning', message };
}

export function note(message: string): Finding {
  return { outcome: 'note', message };
}

/** The values below and above `asked` that divide `total`, nearest first. */
export function nearestDivisors(total: number, asked: number): number[] {
  const below = Array.from({ length: asked }, (_, index) => asked - index).find((n) => total % n === 0);
  const above = Array.from({ length: total }, (_, index) => asked + index).find((n) => n <= total && total % n === 0);
  return [...new Set([below, above])].filter((n): n is number => n !== undefined).sort((a, b) => Math.abs(a - asked) - Math.abs(b - asked));
}
