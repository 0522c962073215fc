import { describe, expect, it } from 'vitest';
import { findings, ledger, RULES } from '../../src/engine/ledger.ts';
import { type Finding, nearestDivisors } from '../../src/engine/rule.ts';
import { RULE_SOURCES } from '../../src/engine/ruleSources.ts';
import { type DeploymentAsk, deploymentOf } from '../support/deployments.ts';

interface Scenario {
  readonly pass: DeploymentAsk;
  readonly breach: DeploymentAsk;
  readonly outcome: Finding['outcome'];
}

const both = (name: string, pass: DeploymentAsk, breach: DeploymentAsk, outcome: Finding['outcome']): [string, Scenario][] =>
  (['vllm', 'sglang'] as const).map((engine) => [
    `${engine}.${name}`,
    { pass: { engine, ...pass }, breach: { engine, ...breach }, outcome },
  ]);

/** A deployment that each rule lets pass and one that it speaks about: facts/engines.md sections 6 to 11. */
const SCENARIOS: Readonly<Record<string, Scenario>> = Object.fromEntries([
  ...both('gpu-vendor', { gpu: 'mi300x' }, { gpu: 'gaudi3' }, 'fail'),
  ...both('nvfp4-blackwell', { gpu: 'b200', format: 'nvfp4' }, { gpu: 'h200', format: 'nvfp4' }, 'fail'),
  ...both('mxfp4-gfx950', { gpu: 'mi355x', format: 'mxfp4' }, { gpu: 'mi300x', format: 'mxfp4' }, 'fail'),
  ...both('int4-kernel', { gpu: 'h200' }, { gpu: 'mi300x' }, 'note'),
  ...both('kv-heads', { model: 'qwen3-235b-a22b', layout: { tp: 8 } }, { model: 'llama-4-maverick', layout: { tp: 5 } }, 'fail'),
  ...both('experts-exist', { layout: { tp: 8, ep: 8 } }, { model: 'llama-3.3-70b', layout: { tp: 8, ep: 8 } }, 'fail'),
  ...both('draft-exists', { model: 'deepseek-r1', draft: 'mtp' }, { draft: 'mtp' }, 'fail'),
  ...both('compressed-kv', {}, { model: 'deepseek-v4-pro' }, 'note'),
  ...both('tp-in-domain', { layout: { tp: 8 } }, { layout: { tp: 16 } }, 'warning'),
  ['vllm.tp-heads', { pass: { layout: { tp: 64 } }, breach: { layout: { tp: 24 } }, outcome: 'fail' }],
  [
    'sglang.attn-heads',
    { pass: { engine: 'sglang', layout: { tp: 16 } }, breach: { engine: 'sglang', layout: { tp: 6 } }, outcome: 'fail' },
  ],
  ['vllm.vocabulary', { pass: { layout: { tp: 16 } }, breach: { layout: { tp: 3 } }, outcome: 'fail' }],
  [
    'vllm.ep-size',
    { pass: { layout: { tp: 4, attentionDp: 2, ep: 8 } }, breach: { layout: { tp: 4, attentionDp: 2, ep: 4 } }, outcome: 'fail' },
  ],
  [
    'vllm.ep-experts',
    { pass: { layout: { tp: 1, attentionDp: 384, ep: 384 } }, breach: { layout: { tp: 1, attentionDp: 512, ep: 512 } }, outcome: 'fail' },
  ],
  ['vllm.expert-shard', { pass: { layout: { tp: 64 } }, breach: { layout: { tp: 64, attentionDp: 2 } }, outcome: 'fail' }],
  [
    'sglang.moe-shard',
    {
      pass: { engine: 'sglang', layout: { attentionDp: 24, ep: 24 } },
      breach: { engine: 'sglang', layout: { tp: 8, ep: 5 } },
      outcome: 'fail',
    },
  ],
  ['vllm.marlin-tile-pad', { pass: { layout: { tp: 32 } }, breach: { layout: { tp: 64 } }, outcome: 'warning' }],
  ['vllm.dcp-divides-tp', { pass: { layout: { tp: 8, dcp: 4 } }, breach: { layout: { tp: 8, dcp: 3 } }, outcome: 'fail' }],
  [
    'sglang.dcp',
    { pass: { engine: 'sglang', layout: { tp: 8, dcp: 2 } }, breach: { engine: 'sglang', layout: { tp: 4, dcp: 8 } }, outcome: 'fail' },
  ],
  [
    'vllm.dcp-gqa',
    {
      pass: { model: 'qwen3-235b-a22b', layout: { tp: 8, dcp: 2 } },
      breach: { model: 'qwen3-235b-a22b', layout: { tp: 8, dcp: 4 } },
      outcome: 'fail',
    },
  ],
  ['vllm.dcp-version', { pass: { engine: 'vllm@0.10.2' }, breach: { engine: 'vllm@0.10.2', layout: { dcp: 8 } }, outcome: 'fail' }],
  [
    'sglang.dcp-version',
    {
      pass: { engine: 'sglang@0.5.14' },
      breach: { engine: 'sglang@0.5.14', layout: { tp: 8, dcp: 8 } },
      outcome: 'fail',
    },
  ],
  ['vllm.dcp-backend', { pass: { layout: { tp: 8, dcp: 8 } }, breach: { gpu: 'mi300x', layout: { tp: 8, dcp: 8 } }, outcome: 'warning' }],
  ['vllm.pp-split', { pass: { layout: { pp: 61 } }, breach: { layout: { pp: 62 } }, outcome: 'fail' }],
  [
    'sglang.pp',
    {
      pass: { engine: 'sglang', model: 'kimi-k2-thinking', layout: { pp: 2 } },
      breach: { engine: 'sglang', layout: { pp: 2 } },
      outcome: 'warning',
    },
  ],
  ['vllm.fp8-kv-sm80', { pass: { gpu: 'l40s', kvCacheDtype: 'fp8' }, breach: { gpu: 'a100', kvCacheDtype: 'fp8' }, outcome: 'fail' }],
  [
    'sglang.fp8-kv-a100',
    { pass: { engine: 'sglang', gpu: 'a100' }, breach: { engine: 'sglang', gpu: 'a100', kvCacheDtype: 'fp8' }, outcome: 'warning' },
  ],
  [
    'vllm.fp8-kv-sm120',
    { pass: { gpu: 'b200', kvCacheDtype: 'fp8' }, breach: { gpu: 'rtx-pro-6000-server', kvCacheDtype: 'fp8' }, outcome: 'warning' },
  ],
  ['vllm.start-memory', { pass: { utilization: 0.97 }, breach: { utilization: 0.98 }, outcome: 'warning' }],
  [
    'sglang.reserve',
    {
      pass: { engine: 'sglang', gpu: 'h100', utilization: 0.72 },
      breach: { engine: 'sglang', gpu: 'h100', utilization: 0.95 },
      outcome: 'warning',
    },
  ],
  [
    'sglang.nnodes',
    {
      pass: { engine: 'sglang', layout: { tp: 4, pp: 4 } },
      breach: { engine: 'sglang', layout: { tp: 4, pp: 5 } },
      outcome: 'fail',
    },
  ],
  ['vllm.packed-kv', { pass: { kvCacheDtype: 'fp8' }, breach: { kvCacheDtype: 'fp8_ds_mla' }, outcome: 'fail' }],
  [
    'sglang.packed-kv',
    { pass: { engine: 'sglang', kvCacheDtype: 'fp8' }, breach: { engine: 'sglang', kvCacheDtype: 'fp8_ds_mla' }, outcome: 'fail' },
  ],
  [
    'vllm.graph-estimate',
    {
      pass: { engine: 'vllm@0.19.0', graphEstimate: false },
      breach: { engine: 'vllm@0.19.0', graphEstimate: true },
      outcome: 'fail',
    },
  ],
  ['vllm.aiter-heads', { pass: { gpu: 'mi300x' }, breach: { gpu: 'mi300x', engine: 'vllm@0.16.0' }, outcome: 'note' }],
  [
    'sglang.aiter-heads',
    {
      pass: { engine: 'sglang@0.5.9', gpu: 'mi300x', layout: { tp: 4 } },
      breach: { engine: 'sglang@0.5.9', gpu: 'mi300x' },
      outcome: 'note',
    },
  ],
  ['vllm.minimum-version', { pass: { engine: 'vllm@0.15.0' }, breach: { engine: 'vllm@0.14.9' }, outcome: 'fail' }],
  ['sglang.minimum-version', { pass: { engine: 'sglang@0.5.8' }, breach: { engine: 'sglang@0.5.7' }, outcome: 'fail' }],
  ['vllm.known-version', { pass: { engine: 'vllm@0.27.0' }, breach: { engine: 'vllm@0.28' }, outcome: 'warning' }],
  ['sglang.known-version', { pass: { engine: 'sglang@0.5.18' }, breach: { engine: 'sglang@0.5.19' }, outcome: 'warning' }],
]);

const outcomeOf = (rule: string, ask: DeploymentAsk) => ledger(deploymentOf(ask)).find((entry) => entry.rule.id === rule)?.outcome;

describe('validity rules', () => {
  it.each(RULES.map(({ id }) => id))('%s lets one deployment pass and speaks about another', (id) => {
    const scenario = SCENARIOS[id];
    if (!scenario) throw new Error(`write a scenario for ${id}`);
    expect(outcomeOf(id, scenario.pass)).toBe('pass');
    expect(outcomeOf(id, scenario.breach)).toBe(scenario.outcome);
  });

  it('every scenario is of a rule that exists, every rule has an id, an engine and a dated source of its own', () => {
    expect(Object.keys(SCENARIOS).sort()).toEqual(RULES.map(({ id }) => id).sort());
    for (const { id, engine, source } of RULES) {
      expect(id.startsWith(`${engine}.`)).toBe(true);
      expect(source.date).toMatch(/^\d{4}-\d{2}(-\d{2})?$/);
      expect(RULE_SOURCES[`rules/${id}`]).toBe(source);
    }
  });

  it('a rule holds over its range of versions only: AITER heads in SGLang before 0.5.10', () => {
    const ask = { gpu: 'mi300x' };
    expect(outcomeOf('sglang.aiter-heads', { ...ask, engine: 'sglang@0.5.9' })).toBe('note');
    expect(outcomeOf('sglang.aiter-heads', { ...ask, engine: 'sglang@0.5.10' })).toBe('not-applicable');
  });

  it('rules of one engine say nothing about the other', () => {
    const ids = ledger(deploymentOf({ engine: 'sglang', layout: { tp: 3 } })).map(({ rule }) => rule.engine);
    expect(new Set(ids)).toEqual(new Set(['sglang']));
  });

  it('findings put failures first', () => {
    const outcomes = findings(deploymentOf({ gpu: 'mi300x', layout: { tp: 12 }, engine: 'vllm@0.28' })).map(
      ({ finding }) => finding.outcome,
    );
    const failures = outcomes.filter((outcome) => outcome === 'fail').length;
    expect(failures).toBeGreaterThan(1);
    expect(outcomes.length).toBeGreaterThan(failures);
    expect(outcomes.slice(failures)).not.toContain('fail');
  });
});

describe('rules that both engines share', () => {
  it.each([
    ['vllm.tp-heads', 'sglang.attn-heads', { layout: { tp: 12 } }],
    ['vllm.dcp-divides-tp', 'sglang.dcp', { layout: { tp: 8, dcp: 3 } }],
    ['vllm.nvfp4-blackwell', 'sglang.nvfp4-blackwell', { format: 'nvfp4' }],
    ['vllm.mxfp4-gfx950', 'sglang.mxfp4-gfx950', { format: 'mxfp4' }],
  ])('%s and %s say the same, each with a source', (vllm, sglang, ask) => {
    const said = [vllm, sglang].map((id) => {
      const engine = id.split('.')[0] ?? '';
      return findings(deploymentOf({ ...ask, engine })).find(({ rule }) => rule.id === id)?.finding;
    });
    expect(said[0]).toBeDefined();
    expect(said[0]).toEqual(said[1]);
  });
});

describe('nodes of SGLang (TP × PP divides over them)', () => {
  it('says the nearest numbers of stages that do', () => {
    const [first] = findings(deploymentOf({ engine: 'sglang', layout: { tp: 4, pp: 5 } }));
    expect(first?.rule.id).toBe('sglang.nnodes');
    expect(first?.finding.nearest).toEqual([{ pp: 4 }, { pp: 6 }]);
  });

  it('counts copies apart: each is a server of its own', () => {
    const of = (dp: number) => findings(deploymentOf({ engine: 'sglang', layout: { tp: 4, pp: 2, dp } })).map(({ rule }) => rule.id);
    expect(of(3)).not.toContain('sglang.nnodes');
  });
});

describe('the reserve of SGLang (facts/engines.md section 3)', () => {
  const reserve = (utilization: number) =>
    findings(deploymentOf({ engine: 'sglang', gpu: 'h100', utilization })).find(({ rule }) => rule.id === 'sglang.reserve')?.finding;

  it('H100 TP8: 16 GiB of 81,559 MiB, so up to 0.799 a fraction is no doubt', () => {
    expect(reserve(0.799)).toBeUndefined();
    expect(reserve(0.8)).toMatchObject({ atMost: 'marginal', settings: { utilization: 0.726 } });
  });

  it('says what is kept, what is reserved and what the default keeps', () => {
    expect(reserve(0.95)?.message).toBe(
      'a memory fraction of 0.95 keeps 3.98 GiB per GPU for activations and graphs; SGLang reserves 16.00 GiB for them and by its own default keeps 21.82 GiB',
    );
  });
});

describe('TP on 64 heads (facts/engines.md section 6)', () => {
  const valid = [1, 2, 4, 8, 16, 32, 64];

  it('takes 1, 2, 4, 8, 16, 32 and 64 and nothing else', () => {
    const accepted = Array.from({ length: 80 }, (_, index) => index + 1).filter(
      (tp) => outcomeOf('vllm.tp-heads', { layout: { tp } }) === 'pass',
    );
    expect(accepted).toEqual(valid);
  });

  it.each([
    [3, [2, 4]],
    [6, [4, 8]],
    [7, [8, 4]],
    [12, [8, 16]],
    [24, [16, 32]],
    [48, [32, 64]],
    [100, [64]],
  ])('TP %i: the nearest valid ones are %j', (tp, nearest) => {
    const [first] = findings(deploymentOf({ layout: { tp } }));
    expect(first?.rule.id).toBe('vllm.tp-heads');
    expect(first?.finding.nearest).toEqual(nearest.map((ways) => ({ tp: ways })));
  });

  it('nearestDivisors looks both ways and returns a divisor as itself', () => {
    expect(nearestDivisors(384, 5)).toEqual([4, 6]);
    expect(nearestDivisors(384, 24)).toEqual([24]);
  });
});
