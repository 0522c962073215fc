import { draftedTokens } from '../engine/deployment.ts';
import { defaultEncoderMode } from '../engine/encoderMode.ts';
import { layoutName, stageRanks } from '../layout/layout.ts';
import { formatCount } from '../units/tokens.ts';
import type { GpuSubject } from './subject.ts';
import type { Wish } from './wish.ts';

/** SGLang counts as TP all ranks of a stage and cuts attention DP groups out of them. */
function layoutWishes({ judged: { deployment } }: GpuSubject): Wish[] {
  const { layout } = deployment;
  const why = `layout ${layoutName(layout)}`;
  const ways = (id: string, n: number, reason: string): Wish[] => (n > 1 ? [{ id, value: String(n), why: reason, needed: true }] : []);
  return [
    { id: 'tp', value: String(stageRanks(layout)), why, needed: true },
    ...ways('pp', layout.pp, why),
    ...ways('attention-dp', layout.attentionDp, `${layout.attentionDp} attention groups, each with a KV cache of its own`),
    ...(layout.attentionDp > 1 ? [{ id: 'dp-attention', why: 'the groups are cut out of the TP ranks', needed: true }] : []),
    ...ways('ep', layout.ep, `whole experts over ${layout.ep} ranks`),
    ...ways('dcp', layout.dcp, `the KV cache of a sequence is spread over ${layout.dcp} ranks`),
  ];
}

const ALGORITHMS = { eagle3: 'EAGLE3', mtp: 'NEXTN' } as const;

function draftWishes({ judged: { deployment } }: GpuSubject, draft: string | null): Wish[] {
  const { draft: kind } = deployment;
  if (kind === undefined || (kind === 'eagle3' && draft === null)) return [];
  const tokens = draftedTokens(deployment);
  const one = (id: string, value: string, why: string): Wish => ({ id, value, why, needed: true });
  return [
    one('speculation', ALGORITHMS[kind], `${tokens} tokens drafted ahead`),
    one('draft-steps', String(tokens), 'one step for each of them'),
    one('draft-choices', '1', 'a chain without branches, as published lines have it'),
    one('draft-tokens', String(tokens + 1), 'the drafted tokens and the one that follows'),
    ...(draft === null ? [] : [one('draft-model', draft, 'the external layer')]),
  ];
}

/** SGLang holds the encoder of some models whole on every rank, whatever it is asked. */
function encoderWishes({ judged: { deployment } }: GpuSubject): Wish[] {
  const { model, release, encoderMode } = deployment;
  if (!model.architecture.vision || encoderMode === defaultEncoderMode(model, release)) return [];
  return encoderMode === 'data'
    ? [{ id: 'encoder-data', why: 'the vision encoder is whole on every rank', needed: true }]
    : [{ id: 'encoder-split', why: 'the vision encoder is split over the ranks', needed: true, otherwise: '--mm-encoder data' }];
}

/** What a plan asks of SGLang. */
export function sglangWishes(subject: GpuSubject, draft: string | null): Wish[] {
  const { deployment } = subject.judged;
  const { kvCacheDtype, maxNumSeqs, batchTokens, utilization, eager, contextTokens } = deployment;
  const given = (id: string, value: string | undefined, why: string): Wish[] =>
    value === undefined ? [] : [{ id, value, why, needed: true }];
  return [
    ...layoutWishes(subject),
    ...given('context', String(contextTokens), `the plan holds for ${formatCount(contextTokens)} tokens`),
    ...given('memory-fraction', utilization?.toString(), 'as asked'),
    ...given('kv-cache-dtype', kvCacheDtype === 'bf16' ? undefined : 'fp8_e4m3', 'the plan counts KV tokens of this size'),
    ...given('max-sequences', maxNumSeqs?.toString(), 'as asked'),
    ...given('batch-tokens', batchTokens?.toString(), 'as asked'),
    ...encoderWishes(subject),
    ...(eager ? [{ id: 'eager', why: 'as asked', needed: true }] : []),
    ...draftWishes(subject, draft),
  ];
}
