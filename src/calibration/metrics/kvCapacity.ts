import type { ServerKind } from './metricNames.ts';
import type { Sample } from './prometheusText.ts';

function named(samples: readonly Sample[], name: string): readonly Sample[] {
  return samples.filter((sample) => sample.name === name);
}

/** A label that is a count above 0, else null: vLLM writes `None` before its KV cache is laid out. */
function countOf(text: string | undefined): number | null {
  const count = text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : 0;
  return count > 0 ? count : null;
}

function total(counts: readonly (number | null)[]): number | null {
  const known = counts.filter((count) => count !== null);
  return known.length === 0 || known.length < counts.length ? null : known.reduce((sum, count) => sum + count, 0);
}

/** The largest value per value of a label, added up: ranks that report the same pool count once. */
function perRank(samples: readonly Sample[], label: string): number | null {
  const ranks = new Map<string, number>();
  for (const { labels, value } of samples) {
    const rank = labels.get(label) ?? '';
    if (value > 0 && Number.isFinite(value)) ranks.set(rank, Math.max(ranks.get(rank) ?? 0, value));
  }
  return total([...ranks.values()]);
}

function blocks(samples: readonly Sample[], count: string, size: string): number | null {
  const [of, tokens] = [perRank(named(samples, count), 'dp_rank'), named(samples, size)[0]?.value];
  return of === null || tokens === undefined || !(tokens > 0) ? null : of * tokens;
}

function ofVllm(samples: readonly Sample[]): number | null {
  const configs = named(samples, 'vllm:cache_config_info');
  const engines = new Map(configs.map(({ labels }) => [labels.get('engine') ?? '', labels]));
  return total(
    [...engines.values()].map((labels) => {
      const [size, each] = [countOf(labels.get('block_size')), countOf(labels.get('num_gpu_blocks'))];
      return countOf(labels.get('kv_cache_size_tokens')) ?? (size !== null && each !== null ? size * each : null);
    }),
  );
}

/**
 * Tokens that the KV cache of all engines behind a page holds: of vLLM `kv_cache_size_tokens`, else `num_gpu_blocks × block_size`, of each
 * engine; of SGLang `max_total_num_tokens` of each DP rank (DCP not multiplied in); of TensorRT-LLM and Dynamo blocks times their tokens.
 *
 * @returns null where the server does not say
 */
export function kvCapacityOf(samples: readonly Sample[], server: ServerKind): number | null {
  if (server === 'vllm') return ofVllm(samples);
  if (server === 'sglang') return perRank(named(samples, 'sglang:max_total_num_tokens'), 'dp_rank');
  if (server === 'tensorrt-llm') return blocks(samples, 'trtllm_kv_cache_max_blocks', 'trtllm_kv_cache_tokens_per_block');
  if (server === 'dynamo') return blocks(samples, 'dynamo_frontend_model_total_kv_blocks', 'dynamo_frontend_model_kv_cache_block_size');
  return null;
}

/** Whether a server keeps prefixes, as its settings say; null where they do not. */
export function prefixCachingOf(samples: readonly Sample[]): boolean | null {
  const said = named(samples, 'vllm:cache_config_info')[0]?.labels.get('enable_prefix_caching');
  return said === 'True' || said === 'true' ? true : said === 'False' || said === 'false' ? false : null;
}
