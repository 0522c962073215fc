import { commonRules } from './commonRules.ts';
import type { Deployment } from './deployment.ts';
import type { EngineId } from './engine.ts';
import { applies, type Finding, type Rule } from './rule.ts';
import { SGLANG_RULES } from './sglang/rules.ts';
import { VLLM_RULES } from './vllm/rules.ts';

const BY_ENGINE: Readonly<Record<EngineId, readonly Rule[]>> = {
  vllm: [...VLLM_RULES, ...commonRules('vllm')],
  sglang: [...SGLANG_RULES, ...commonRules('sglang')],
};

/** All rules of both engines. */
export const RULES: readonly Rule[] = Object.values(BY_ENGINE).flat();

/** A rule with what it found. */
export interface Judgement {
  readonly rule: Rule;
  readonly finding: Finding;
}

/**
 * Tries every rule that speaks about the engine and version.
 *
 * @returns the rules that found something, failures first
 */
export function findings(deployment: Deployment): Judgement[] {
  const found: Judgement[] = [];
  for (const rule of BY_ENGINE[deployment.release.engine.id]) {
    if (!applies(rule, deployment)) continue;
    const finding = rule.check(deployment);
    if (finding) found.push({ rule, finding });
  }
  return found.sort((a, b) => Number(b.finding.outcome === 'fail') - Number(a.finding.outcome === 'fail'));
}

/** Every rule of the engine with its outcome, for the ledger that `fit --rules` prints. */
export function ledger(deployment: Deployment): { rule: Rule; outcome: Finding['outcome'] | 'pass' | 'not-applicable'; message: string }[] {
  return BY_ENGINE[deployment.release.engine.id].map((rule) => {
    if (!applies(rule, deployment))
      return {
        rule,
        outcome: 'not-applicable' as const,
        message: `holds ${rule.since ? `from ${rule.since}` : ''}${rule.before ? `before ${rule.before}` : ''}`,
      };
    const finding = rule.check(deployment);
    return finding ? { rule, outcome: finding.outcome, message: finding.message } : { rule, outcome: 'pass' as const, message: rule.title };
  });
}
