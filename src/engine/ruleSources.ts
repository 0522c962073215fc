import type { Source, SourceId } from '../evidence/source.ts';
import { RULES } from './ledger.ts';

const SGLANG_FRACTION: Source = {
  ref: 'bytedance-iaas/sglang@6ed5780c4f python/sglang/srt/server_args.py (_handle_gpu_memory_settings, adjust_mem_fraction_for_vlm)',
  date: '2026-08-22',
  kind: 'spec',
  note: 'checked against start-up logs: MI355X 0.908 and 0.826, H200 0.806',
};

/** Sources of what is written as code: `rules/<rule id>` and the memory arithmetic of SGLang. */
export const RULE_SOURCES: Readonly<Record<SourceId, Source>> = Object.fromEntries([
  ['rules/sglang.memory-fraction', SGLANG_FRACTION],
  ...RULES.map((rule) => [`rules/${rule.id}`, rule.source] as const),
]);
