import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import type { Architecture } from '../../src/model/architecture.ts';
import { layersOf } from '../../src/model/layers.ts';
import { isAttention, type MlaAttention } from '../../src/model/mixer.ts';

/** Published config.json files that the catalog was taken from; they are not part of the repository. */
const CONFIGS = fileURLToPath(new URL('../../../shared/configs/', import.meta.url));

type Config = Readonly<Record<string, unknown>>;

function configsByRepository(): [string, Config][] {
  return readdirSync(CONFIGS)
    .filter((name) => name.includes('__'))
    .map((name) => {
      const config = JSON.parse(readFileSync(`${CONFIGS}${name}`, 'utf8')) as Config;
      const repository = name.replace('__', '/').replace(/(\.partial)?\.json$/, '');
      return [repository, (config['text_config'] as Config | undefined) ?? config];
    });
}

function latent({ mixers }: Architecture): MlaAttention | undefined {
  return Object.values(mixers).find((mixer) => mixer.kind === 'mla');
}

/** What both state, by the key of config.json. */
const SHARED: Readonly<Record<string, (architecture: Architecture) => unknown>> = {
  hidden_size: ({ hiddenSize }) => hiddenSize,
  vocab_size: ({ vocabularySize }) => vocabularySize,
  num_hidden_layers: (architecture) => layersOf(architecture).length,
  num_attention_heads: ({ mixers }) => Object.values(mixers).find(isAttention)?.heads,
  moe_intermediate_size: ({ experts }) => experts?.expertFfnSize,
  qk_nope_head_dim: (architecture) => latent(architecture)?.qkNopeHeadDim,
  kv_lora_rank: (architecture) => latent(architecture)?.kvLoraRank,
  q_lora_rank: (architecture) => latent(architecture)?.queryLoraRank,
  num_nextn_predict_layers: ({ draft }) => draft?.layers ?? 0,
  first_k_dense_replace: (architecture) => layersOf(architecture).filter(({ ffn }) => ffn === 'dense').length,
};

const EXPERT_KEYS = ['n_routed_experts', 'num_experts', 'num_local_experts'];
const PER_TOKEN_KEYS = ['num_experts_per_tok', 'num_experts_per_token'];

describe.skipIf(!existsSync(CONFIGS))('the catalog against the published config.json files', () => {
  const { models } = loadCatalog();
  const configs = existsSync(CONFIGS) ? configsByRepository() : [];
  const modelOf = (repository: string) => {
    const named = (is: (other: string) => boolean) =>
      models.find(({ checkpoints }) => checkpoints.some((each) => [each.repository, ...(each.alsoIn ?? [])].some(is)));
    return named((other) => other === repository) ?? named((other) => other.startsWith(`${repository}-`));
  };

  it.each(configs)('%s', (repository, config) => {
    const architecture = modelOf(repository)?.architecture;
    expect(architecture, repository).toBeDefined();
    if (!architecture) return;
    for (const [key, value] of Object.entries(SHARED))
      if (typeof config[key] === 'number') expect(value(architecture), key).toBe(config[key]);
    for (const key of EXPERT_KEYS) if (key in config) expect(architecture.experts?.experts, key).toBe(config[key]);
    for (const key of PER_TOKEN_KEYS) if (key in config) expect(architecture.experts?.expertsPerToken, key).toBe(config[key]);
    if ('max_position_embeddings' in config) expect(architecture.maxContextTokens).toBe(config['max_position_embeddings']);
  });
});
