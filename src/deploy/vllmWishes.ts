import { draftedTokens } from '../engine/deployment.ts';
import { memoryFraction } from '../engine/memoryFraction.ts';
import { layoutName } from '../layout/layout.ts';
import { formatCount } from '../units/tokens.ts';
import type { GpuSubject } from './subject.ts';
import type { Wish } from './wish.ts';

/** Ways of a layout that are more than one, each as its flag. */
function layoutWishes({ judged: { deployment } }: GpuSubject): Wish[] {
  const { layout } = deployment;
  const name = layoutName(layout);
  const ways = (id: string, n: number, why: string): Wish[] => (n > 1 ? [{ id, value: String(n), why, needed: true }] : []);
  return [
    { id: 'tp', value: String(layout.tp), why: `layout ${name}`, needed: true },
    ...ways('pp', layout.pp, `layout ${name}`),
    ...ways('attention-dp', layout.attentionDp, `${layout.attentionDp} attention groups, each with a KV cache of its own`),
    ...(layout.ep > 1 ? [{ id: 'ep', why: `whole experts over ${layout.ep} ranks`, needed: true }] : []),
    ...ways('dcp', layout.dcp, `the KV cache of a sequence is spread over ${layout.dcp} ranks`),
  ];
}

/** vLLM's speculation is one JSON text; `draft` is the repository of the external layer. */
function draftWishes({ judged: { deployment } }: GpuSubject, draft: string | null): Wish[] {
  if (deployment.draft !== 'eagle3' || draft === null) return [];
  const config = { method: 'eagle3', model: draft, num_speculative_tokens: draftedTokens(deployment) };
  return [{ id: 'speculation', value: JSON.stringify(config), why: `${draftedTokens(deployment)} tokens drafted ahead`, needed: true }];
}

/** What a plan asks of vLLM. */
export function vllmWishes(subject: GpuSubject, draft: string | null): Wish[] {
  const { deployment } = subject.judged;
  const fraction = memoryFraction(deployment);
  const { kvCacheDtype, maxNumSeqs, batchTokens, encoderMode, eager, model } = deployment;
  const given = (id: string, value: string | undefined, why: string): Wish[] =>
    value === undefined ? [] : [{ id, value, why, needed: true }];
  return [
    ...layoutWishes(subject),
    {
      id: 'context',
      value: String(deployment.contextTokens),
      why: `the plan holds for ${formatCount(deployment.contextTokens)} tokens`,
      needed: true,
    },
    {
      id: 'memory-fraction',
      value: String(fraction.value),
      why: `the plan's budget: ${fraction.explanation}`,
      needed: true,
    },
    ...given('kv-cache-dtype', kvCacheDtype === 'bf16' ? undefined : kvCacheDtype, 'the plan counts KV tokens of this size'),
    ...given('max-sequences', maxNumSeqs?.toString(), 'as asked'),
    ...given('batch-tokens', batchTokens?.toString(), 'as asked'),
    ...given(
      'encoder-mode',
      model.architecture.vision && encoderMode === 'data' ? 'data' : undefined,
      'the vision encoder is whole on every rank',
    ),
    ...(eager ? [{ id: 'eager', why: 'as asked', needed: true }] : []),
    ...draftWishes(subject, draft),
  ];
}
