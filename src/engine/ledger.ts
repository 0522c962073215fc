import type { Deployment } from './deployment.ts';
import { applies, type Finding, fail, type Rule, warn } from './rule.ts';
import { SGLANG_RULES } from './sglang/rules.ts';
import { compareVersions } from './version.ts';
import { VLLM_RULES } from './vllm/rules.ts';

const SHARED: Pick<Rule, 'id' | 'title' | 'source' | 'check'>[] = [
  {
    id: 'minimum-version',
    title: 'the engine version knows the model',
    source: { ref: 'start-up logs and recipes, by model in the catalog', date: '2026-08-21', kind: 'quoted' },
    check: ({ model, release }) => {
      const minimum = model.minimumEngineVersion[release.engine.id]?.version;
      return minimum !== undefined && compareVersions(release.version, minimum) < 0
        ? fail(`${model.name} needs ${release.engine.name} ${minimum} or later, not ${release.version}`)
        : null;
    },
  },
  {
    id: 'known-version',
    title: 'the rules were read from this version',
    source: { ref: 'version list of the catalog', date: '2026-08-22', kind: 'spec' },
    check: ({ release }) =>
      compareVersions(release.version, release.engine.newestVersion) > 0
        ? warn(
            `rules and defaults are known up to ${release.engine.name} ${release.engine.newestVersion}; ${release.version} is taken to behave the same`,
          )
        : null,
  },
  {
    id: 'tp-in-domain',
    title: 'TP stays inside the scale-up domain',
    source: { ref: 'vllm-project/recipes@8959cf6 multi_node_tp_pp', date: '2026-08-21', kind: 'spec' },
    check: ({ gpu, layout }) =>
      layout.tp > gpu.scaleUpDomainGpus
        ? warn(`TP ${layout.tp} crosses the ${gpu.scaleUpTechnology} domain of ${gpu.scaleUpDomainGpus} GPUs: prefer PP across nodes`)
        : null,
  },
];

/** All rules of both engines; shared ones carry the engine's name in their id. */
export const RULES: readonly Rule[] = [
  ...VLLM_RULES,
  ...SGLANG_RULES,
  ...(['vllm', 'sglang'] as const).flatMap((engine) => SHARED.map((rule) => ({ ...rule, id: `${engine}.${rule.id}`, engine }))),
];

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
  for (const rule of RULES) {
    if (!applies(rule, deployment)) continue;
    const finding = rule.check(deployment);
    if (finding) found.push({ rule, finding });
  }
  return found.sort((a, b) => Number(b.finding.outcome === 'fail') - Number(a.finding.outcome === 'fail'));
}

/** Every rule of the engine with its outcome, for the ledger that `fit --rules` prints. */
export function ledger(deployment: Deployment): { rule: Rule; outcome: Finding['outcome'] | 'pass' | 'not-applicable'; message: string }[] {
  return RULES.filter((rule) => rule.engine === deployment.release.engine.id).map((rule) => {
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
