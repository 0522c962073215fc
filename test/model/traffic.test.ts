import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { kvElements, visibleTokens } from '../../src/model/mixing.ts';
import { distinctExperts, traffic, weightBytesPerStep } from '../../src/model/traffic.ts';
import { TOY, toyCheckpoint } from '../support/toyModel.ts';

const model = loadCatalog().models.find(({ id }) => id === 'kimi-k2.7-code');
const checkpoint = model?.checkpoints.find(({ format }) => format === 'int4');
if (!model || !checkpoint) throw new Error('kimi-k2.7-code in int4 is missing');
const k27 = traffic(model, checkpoint);

// All figures: facts/model-bytes.md sections 2 and 9 (its table rounds the 382.25 experts at batch 256 up to 382.3).
describe('traffic of Kimi-K2.7-Code INT4', () => {
  it('derives bytes and FLOPs from the tensor groups', () => {
    expect(k27.expertBytes).toBe(24_772_608);
    expect(k27.activeParameters).toBe(32_861_500_928);
    expect(k27.fixedWeightBytes / 1e9).toBeCloseTo(21.1, 2);
    expect(k27.decodeFlopsPerToken).toBe(2 * (31_174_361_088 + 511_705_088));
    expect(k27.decodeFlopsPerToken - k27.prefillFlopsPerToken).toBe(2 * 1_174_405_120);
    expect(k27.decodeFlopsPerContextToken).toBe(8_495_104);
    expect(k27.prefillFlopsPerContextToken).toBe(2_498_560);
    expect(k27.kvElementsPerToken * 2).toBe(70_272);
  });

  it.each([
    [1, 8.0],
    [2, 15.8],
    [4, 31.0],
    [8, 59.5],
    [16, 109.8],
    [32, 188.2],
    [64, 284.2],
    [128, 358.1],
    [256, 382.2],
  ])('meets the distinct experts of the table at batch %i', (batch, experts) => {
    expect(distinctExperts(k27, batch)).toBeCloseTo(experts, 1);
  });

  it.each([
    [1, 33.0],
    [8, 109.6],
    [32, 300.9],
    [64, 443.5],
    [128, 553.3],
    [256, 589.3],
  ])('reads the bytes of the table at batch %i', (batch, gigabytes) => {
    expect(weightBytesPerStep(k27, batch) / 1e9).toBeCloseTo(gigabytes, 1);
  });

  it('reads 32.99 GB for a single token, not the 18 GB of the model page', () => {
    expect(weightBytesPerStep(k27, 1) / 1e9).toBeCloseTo(32.99, 2);
  });
});

const catalog = loadCatalog();

function trafficOf(id: string) {
  const found = catalog.models.find((each) => each.id === id);
  const stored = found?.checkpoints.find(({ format }) => format === found.defaultFormat);
  if (!found || !stored) throw new Error(`no model ${id}`);
  return traffic(found, stored);
}

describe('KV elements of one token over the whole model (facts/model-bytes.md section 8, bf16 bytes)', () => {
  it.each([
    ['deepseek-v3', 70_272],
    ['qwen3-235b-a22b', 192_512],
    ['qwen3-coder-480b-a35b', 253_952],
    ['minimax-m2', 253_952],
    ['glm-4.5', 376_832],
    ['llama-3.3-70b', 327_680],
    ['llama-3.1-405b', 516_096],
    ['qwen3-next-80b-a3b', 24_576],
    ['kimi-k3', 27_648],
    ['glm-5', 89_856],
    ['gpt-oss-120b', 36_864],
  ])('%s: %i', (id, bytes) => {
    expect(trafficOf(id).kvElementsPerToken * 2).toBe(bytes);
  });

  it('of 18 sliding layers of gpt-oss stand apart: a window of 128 tokens is 4,718,592 B', () => {
    const [sliding, ...more] = trafficOf('gpt-oss-120b').limited;
    expect(more).toEqual([]);
    expect((sliding?.kvElementsPerToken ?? 0) * (sliding?.tokens ?? 0) * 2).toBe(4_718_592);
  });
});

describe('attention that sees a part of the context', () => {
  it('stands apart from attention that sees all of it', () => {
    const flow = trafficOf('gpt-oss-120b');
    expect(flow.decodeFlopsPerContextToken).toBe(18 * 4 * 64 * 64);
    expect(flow.limited).toEqual([
      {
        tokens: 128,
        decodeFlopsPerContextToken: 18 * 4 * 64 * 64,
        prefillFlopsPerContextToken: 18 * 4 * 64 * 64,
        kvElementsPerToken: 18_432,
      },
    ]);
  });

  it('leaves the indexer alone to meet every token where it chooses them', () => {
    const flow = trafficOf('deepseek-v3.2');
    expect(flow.decodeFlopsPerContextToken).toBe(61 * 2 * 64 * 128);
    expect(flow.limited).toEqual([
      {
        tokens: 2048,
        decodeFlopsPerContextToken: 61 * 2 * 128 * (2 * 512 + 64),
        prefillFlopsPerContextToken: 61 * 2 * 128 * (192 + 128),
        kvElementsPerToken: 0,
      },
    ]);
  });

  it('keeps one entry per four or 128 tokens where the context is compressed', () => {
    const pro = catalog.models.find(({ id }) => id === 'deepseek-v4-pro');
    const { fine, coarse, window } = pro?.architecture.mixers ?? {};
    if (!fine || !coarse || !window) throw new Error('DeepSeek-V4-Pro has three mixers');
    expect([fine, coarse, window].map(kvElements)).toEqual([128, 4, 0]);
    expect([fine, coarse, window].map(visibleTokens)).toEqual([128 + 1024, 128, 128]);
  });
});

describe('models of other kinds', () => {
  it('without experts meet every weight', () => {
    const flow = trafficOf('llama-3.3-70b');
    expect(flow).toMatchObject({ experts: 0, expertLayers: 0, expertsPerToken: 0, expertBytes: 0 });
    expect(distinctExperts(flow, 64)).toBe(0);
    expect(flow.activeParameters).toBe(70_553_706_496);
    expect(weightBytesPerStep(flow, 64)).toBe(flow.fixedWeightBytes);
    expect(flow.fixedWeightBytes).toBe(2 * (70_553_706_496 - 128_256 * 8192));
  });

  it('read a tied embedding as their head', () => {
    const flow = traffic({ ...model, architecture: { ...TOY, tiedEmbeddings: true } }, toyCheckpoint());
    const untied = traffic({ ...model, architecture: TOY }, toyCheckpoint());
    expect(flow.fixedWeightBytes).toBe(untied.fixedWeightBytes);
    expect(flow.decodeFlopsPerToken).toBe(untied.decodeFlopsPerToken);
    expect(untied.decodeFlopsPerToken - untied.prefillFlopsPerToken).toBe(2 * 1000 * 64);
  });

  it('with linear attention update a state instead of reading a context', () => {
    const flow = trafficOf('qwen3-next-80b-a3b');
    expect(flow.decodeFlopsPerContextToken).toBe(12 * 4 * 16 * 256);
    const withoutState = traffic({ ...model, architecture: { ...TOY, draft: null } }, toyCheckpoint());
    expect(traffic({ ...model, architecture: TOY }, toyCheckpoint())).toEqual(withoutState);
  });
});
