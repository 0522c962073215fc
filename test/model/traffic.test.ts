import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { distinctExperts, traffic, weightBytesPerStep } from '../../src/model/traffic.ts';

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
