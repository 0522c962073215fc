import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { importModel } from '../../../src/importers/model/index.ts';
import { JsonGroup } from '../../../src/importers/model/parse/jsonGroup.ts';
import { modelConfig, readConfig } from '../../../src/importers/model/translate/configFile.ts';
import type { Architecture } from '../../../src/model/architecture.ts';
import { checkpointSize } from '../../../src/model/checkpointSize.ts';
import { scaleCount } from '../../../src/model/encoding.ts';
import { layersOf } from '../../../src/model/layers.ts';
import type { Checkpoint, Model } from '../../../src/model/model.ts';
import { groupLayers, tensorGroups } from '../../../src/model/tensors.ts';
import { testEnvironment } from './support/environment.ts';

/** The collection of published configs; it is not part of the repository. */
const CONFIGS = fileURLToPath(new URL('../../../../shared/configs/', import.meta.url));
const there = existsSync(CONFIGS);
const configs = there ? readdirSync(CONFIGS).filter((file) => file !== 'published_counts.json') : [];

/** What config files do not tell, or what partial field sets lack. */
const NOT_A_CONFIG = /\.partial\.json$/;

/** Buffers that checkpoints hold beside their architecture, in elements (model-bytes.md, oddities). */
const STRAY: Readonly<Record<string, number>> = { 'moonshotai/Kimi-K2-Instruct': 3416, 'moonshotai/Kimi-K3': 2208 };

const read = (file: string) => importModel(`${CONFIGS}${file}`, testEnvironment());

function scalesOf({ architecture }: Model, checkpoint: Checkpoint): number {
  return tensorGroups(architecture, checkpoint).reduce(
    (sum, group) => sum + scaleCount(group.encoding, group.rows, group.columns) * group.tensors * groupLayers(group, architecture),
    0,
  );
}

/** Without the names of mixers and what the config does not fix: runs of layers, what draft layers repeat, which vision matrices are split. */
function comparable({ layers: _, draft, vision, ...rest }: Architecture) {
  const inOrder = layersOf({ layers: _, draft, vision, ...rest }).map(({ mixer, ffn }) => [mixer && rest.mixers[mixer], ffn]);
  const { mixers, ...figures } = rest;
  return {
    ...figures,
    inOrder,
    draft: draft && { layers: draft.layers, ffn: draft.ffn, mixer: mixers[draft.mixer] },
    vision: vision?.kind === 'stated' ? { parameters: vision.parameters, layers: vision.layers } : vision,
  };
}

describe.skipIf(!there)('the collection of configs', () => {
  it.each(configs.filter((file) => !NOT_A_CONFIG.test(file)))('%s is read', async (file) => {
    const { model } = await read(file);
    expect(layersOf(model.architecture).length).toBeGreaterThan(20);
  });

  it('comes to the published count of each model, with its scales or without', async () => {
    const { counts } = JSON.parse(readFileSync(`${CONFIGS}published_counts.json`, 'utf8')) as { counts: Record<string, { total: number }> };
    const compared: string[] = [];
    for (const [repository, { total }] of Object.entries(counts)) {
      const file = `${repository.replace('/', '__')}.json`;
      if (!configs.includes(file)) continue;
      const { model } = await read(file);
      const [checkpoint] = model.checkpoints;
      if (!checkpoint) continue;
      const weights = checkpointSize(model, checkpoint).parameters + (STRAY[repository] ?? 0);
      expect([weights, weights + scalesOf(model, checkpoint)], repository).toContain(total);
      compared.push(repository);
    }
    expect(compared.length).toBeGreaterThanOrEqual(12);
  });

  it.each([
    ['deepseek-ai__DeepSeek-V3.json', 688_574_839_360],
    ['moonshotai__Kimi-K2-Instruct.json', 1_029_173_249_888],
    ['moonshotai__Kimi-K2.5.json', 595_148_192_736],
    ['nvidia__Kimi-K2.5-NVFP4.json', 590_779_957_656],
    ['nvidia__Kimi-K2.6-NVFP4.json', 595_148_192_736],
    ['nvidia__Kimi-K2.7-Code-NVFP4.json', 595_148_192_736],
    ['openai__gpt-oss-120b.json', 65_248_815_744],
    ['openai__gpt-oss-20b.json', 13_761_264_768],
    ['MiniMaxAI__MiniMax-M2.5.json', 230_121_630_720],
  ])('%s comes to %i bytes', async (file, bytes) => {
    const { model } = await read(file);
    const [checkpoint] = model.checkpoints;
    expect(checkpoint && checkpointSize(model, checkpoint).bytes).toBe(bytes);
  });

  it('has field sets of three models whose config was not seen whole', () => {
    const missing = { max_position_embeddings: 131_072, num_experts_per_tok: 8 };
    for (const file of configs.filter((name) => NOT_A_CONFIG.test(name))) {
      const fields = JSON.parse(readFileSync(`${CONFIGS}${file}`, 'utf8')) as { hub_total_params: number | Record<string, number> };
      const { architecture } = readConfig(modelConfig(JsonGroup.of({ ...missing, ...fields }, file)));
      const { parameters } = checkpointSize({ architecture } as Model, { encodings: {} } as Checkpoint);
      expect(
        [fields.hub_total_params].flatMap((total) => (typeof total === 'number' ? total : Object.values(total))),
        file,
      ).toContain(parameters);
    }
  });

  it('agrees with the catalog wherever both describe a model', async () => {
    const catalog = loadCatalog();
    const byRepository = new Map(
      catalog.models.flatMap((model) => model.checkpoints.map(({ repository }) => [repository, model] as const)),
    );
    const agreed: string[] = [];
    for (const file of configs.filter((name) => !NOT_A_CONFIG.test(name))) {
      const known = byRepository.get(file.slice(0, -5).replace('__', '/'));
      if (!known) continue;
      const { model } = await read(file);
      expect(comparable(model.architecture), file).toEqual(comparable(known.architecture));
      agreed.push(file);
    }
    expect(agreed).toEqual(
      expect.arrayContaining(['moonshotai__Kimi-K2.5.json', 'zai-org__GLM-5.2.json', 'deepseek-ai__DeepSeek-V4-Pro.json']),
    );
  });
});
