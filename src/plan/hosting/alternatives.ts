import { type JudgedDeployment, judge } from '../judge.ts';
import type { HostingQuery } from './hostingQuestion.ts';

/** Another way to run the same GPUs. */
export interface Alternative {
  readonly code: 'kv-cache-dtype' | 'dcp' | 'attention-dp';
  readonly words: string;
  /** Options of the same command. */
  readonly change: Readonly<Record<string, string | number>>;
  readonly judged: JudgedDeployment;
}

/** What a replica of the same GPUs could do otherwise, as far as the user left it open and it fits. */
export function alternatives(query: HostingQuery, { deployment }: JudgedDeployment): Alternative[] {
  const { layout, kvCacheDtype } = deployment;
  const list: Alternative[] = [];
  if (query.kvCacheDtype === undefined && kvCacheDtype === 'bf16') {
    const judged = judge({ ...deployment, kvCacheDtype: 'fp8' });
    list.push({ code: 'kv-cache-dtype', words: 'an FP8 KV cache', change: { 'kv-cache-dtype': 'fp8' }, judged });
  }
  if (query.dcp === undefined && layout.dcp === 1 && layout.tp > 1) {
    const judged = judge({ ...deployment, layout: { ...layout, dcp: layout.tp } });
    list.push({ code: 'dcp', words: `DCP ${layout.tp}`, change: { dcp: layout.tp }, judged });
  }
  if (query.attentionDp === undefined && query.tp === undefined && layout.tp > 1 && layout.attentionDp === 1 && layout.pp === 1) {
    const judged = judge({ ...deployment, layout: { ...layout, tp: 1, attentionDp: layout.tp, ep: layout.tp, dcp: 1 } });
    const change = { gpus: layout.tp, 'attention-dp': layout.tp };
    list.push({ code: 'attention-dp', words: `attention DP over all ${layout.tp} GPUs`, change, judged });
  }
  return list.filter(({ judged }) => judged.verdict === 'fits');
}

/** The options of an alternative as they are typed. */
export function flagsOf({ change }: Alternative): string {
  return Object.entries(change)
    .map(([flag, value]) => `--${flag} ${value}`)
    .join(' ');
}
