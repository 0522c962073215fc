import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { checkpointSize } from '../../src/model/checkpointSize.ts';
import type { Checkpoint, Model, PublishedCount, StoredType } from '../../src/model/model.ts';
import { storedElements } from '../support/storedElements.ts';

/** A count that somebody published of a repository of the catalog. */
interface Row {
  readonly model: Model;
  readonly checkpoint: Checkpoint;
  readonly published: PublishedCount;
}

const { models, sources } = loadCatalog();
const rows: Row[] = models.flatMap((model) =>
  model.checkpoints.flatMap((checkpoint) => (checkpoint.published ?? []).map((published) => ({ model, checkpoint, published }))),
);
const named = rows.map((row) => [`${row.checkpoint.repository} (${row.checkpoint.format})`, row] as const);

/** Rows of the table of published counts in facts/model-bytes.md section 5, by repository. */
const TABLE = [
  'deepseek-ai/DeepSeek-V3',
  'deepseek-ai/DeepSeek-R1',
  'microsoft/MAI-DS-R1',
  'deepseek-ai/DeepSeek-V3.2',
  'deepseek-ai/DeepSeek-V3.2-Exp',
  'moonshotai/Kimi-K2-Base',
  'moonshotai/Kimi-K2-Instruct',
  'moonshotai/Kimi-K2-Instruct-0905',
  'moonshotai/Kimi-K2-Thinking',
  'moonshotai/Kimi-K2.5',
  'moonshotai/Moonlight-16B-A3B',
  'zai-org/GLM-4.5',
  'zai-org/GLM-4.6',
  'zai-org/GLM-4.7',
  'zai-org/GLM-4.5-Air',
  'zai-org/GLM-5',
  'zai-org/GLM-5.1',
  'zai-org/GLM-5-FP8',
  'zai-org/GLM-5.2',
  'zai-org/GLM-5.3',
  'Qwen/Qwen3-235B-A22B',
  'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8',
  'Qwen/Qwen3-Coder-480B-A35B-Instruct',
  'Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8',
  'Qwen/Qwen3-30B-A3B',
  'Qwen/Qwen3-Coder-Next',
  'Qwen/Qwen3-Next-80B-A3B-Instruct',
  'MiniMaxAI/MiniMax-M2',
  'MiniMaxAI/MiniMax-M2.5',
  'openai/gpt-oss-120b',
  'openai/gpt-oss-20b',
  'mistralai/Mixtral-8x7B-v0.1',
  'mistral-community/Mixtral-8x22B-v0.1',
  'meta-llama/Llama-3.1-8B',
  'meta-llama/Llama-3.3-70B-Instruct',
  'meta-llama/Llama-3.1-405B',
  'meta-llama/Llama-4-Scout-17B-16E-Instruct',
  'meta-llama/Llama-4-Maverick-17B-128E-Instruct',
  'moonshotai/Kimi-K3',
  'deepseek-ai/DeepSeek-V4-Pro',
];

describe('published counts (facts/model-bytes.md section 5)', () => {
  it('cover every row of the table', () => {
    const repositories = new Set(rows.flatMap(({ checkpoint }) => [checkpoint.repository, ...(checkpoint.alsoIn ?? [])]));
    expect(TABLE.filter((repository) => !repositories.has(repository))).toEqual([]);
  });

  it.each(named.filter(([, { published }]) => published.elements !== undefined))('%s: every element', (_, row) => {
    const { weights, scales } = storedElements(row.model.architecture, row.checkpoint);
    const counted = row.published.scalesCounted ? [...Object.values(weights), ...Object.values(scales)] : Object.values(weights);
    const total = counted.reduce((sum, count) => sum + count, 0);
    expect(total + (row.checkpoint.stray?.elements ?? 0) - (row.published.elements ?? 0)).toBe(0);
  });

  it.each(named.filter(([, { published }]) => published.elementsByType))('%s: each type', (_, row) => {
    const { weights, scales } = storedElements(row.model.architecture, row.checkpoint);
    const stray = row.checkpoint.stray?.elements ?? 0;
    const { elementsByType = {}, scalesCounted } = row.published;
    for (const [type, published] of Object.entries(elementsByType) as [StoredType, number][]) {
      const derived = (weights[type] ?? 0) + (scalesCounted ? (scales[type] ?? 0) : 0) + (type === 'F32' ? stray : 0);
      expect(derived - published, type).toBe(0);
    }
  });

  it.each(named.filter(([, { published }]) => published.bytes !== undefined))('%s: every byte', (_, row) => {
    expect(checkpointSize(row.model, row.checkpoint).bytes).toBe(row.published.bytes);
  });

  it('have a source that counted, with a date', () => {
    for (const { published } of rows) expect(sources[published.source]?.ref, published.source).toMatch(/\S/);
  });
});
