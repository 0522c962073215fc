import fc from 'fast-check';
import { evaluate, type Unit } from 'mathjs';
import { describe, expect, it } from 'vitest';
import type { MemoryCalibration } from '../../src/engine/calibration.ts';
import type { Deployment } from '../../src/engine/deployment.ts';
import type { OverheadFit } from '../../src/engine/engine.ts';
import { overheadFit, overheadGiB, overheadParts, sumOfParts } from '../../src/memory/overhead.ts';
import { activationBytesPerToken, indexerKeyBytes, profiledSequences, residualStreamBytes } from '../../src/memory/profileRun.ts';
import type { Architecture } from '../../src/model/architecture.ts';
import { GIB } from '../../src/units/bytes.ts';
import { type DeploymentAsk, deploymentOf } from '../support/deployments.ts';

/** Round constants, so that a worked example can be followed by hand. */
const FIT: OverheadFit = {
  since: '0.8.0',
  vendor: 'nvidia',
  baseGiB: 0.25,
  groupGiB: 0.5,
  doublingGiB: 0.25,
  samplerBytes: 16,
  forwardScale: 0.5,
  blockFp8Scale: 1,
  indexerContexts: 40,
  graphsGiBPerLayer: 0.5,
  graphsCounted: false,
  lowGiB: -1,
  highGiB: 2,
  calibratedLowGiB: -0.25,
  calibratedHighGiB: 0.5,
  source: 'test',
};

/** A deployment on vLLM 0.18.0 with these constants. */
function fitted(ask: DeploymentAsk = {}, fits: readonly OverheadFit[] = [FIT]): Deployment {
  const one = deploymentOf({ engine: 'vllm@0.18.0', ...ask });
  return { ...one, release: { ...one.release, engine: { ...one.release.engine, overheadFits: fits } } };
}

const bytes = (deployment: Deployment, id: string) => overheadParts(deployment, FIT).find((part) => part.id === id)?.bytes ?? Number.NaN;

/** A dense model with grouped-query attention: two layers, hidden size 4096, FFN 14336. */
const DENSE: Architecture = {
  hiddenSize: 4096,
  vocabularySize: 128_256,
  maxContextTokens: 8192,
  mixers: { attention: { kind: 'gqa', heads: 32, kvHeads: 8, headDim: 128 } },
  layers: [{ repeat: 2, layers: [{ mixer: 'attention', ffn: 'dense' }] }],
  denseFfn: { size: 14_336 },
  experts: null,
  vision: null,
  draft: null,
};

function dense(ask: DeploymentAsk = {}): Deployment {
  const one = fitted({ layout: {}, ...ask });
  return { ...one, model: { ...one.model, architecture: DENSE } };
}

describe('what a profiled step needs', () => {
  it('a token of a dense model on one GPU: 2 × (6 × 4096 + 4 × 32 × 128 + 3 × 14336) B', () => {
    expect(activationBytesPerToken(dense())).toBe(2 * (24_576 + 16_384 + 43_008));
  });

  it('attention and FFN are split over the TP group, the hidden state is not', () => {
    expect(activationBytesPerToken(dense({ layout: { tp: 4 } }))).toBe(2 * (24_576 + (16_384 + 43_008) / 4));
  });

  it('a token of Kimi-K2 at TP8: each of 8 experts takes a copy in and out and three columns of its shard', () => {
    const mla = (2 * 64 * (128 + 64 + 128)) / 8;
    expect(activationBytesPerToken(deploymentOf())).toBe(2 * (6 * 7168 + mla + 8 * (2 * 7168 + (3 * 2048) / 8)));
  });

  it('no more sequences are profiled than a step has tokens', () => {
    expect(profiledSequences(deploymentOf({ maxNumSeqs: 1024, batchTokens: 64 }))).toBe(64);
    expect(profiledSequences(deploymentOf({ maxNumSeqs: 64 }))).toBe(64);
  });

  it('an indexer keeps a key and its scale, 128 + 4 B for DeepSeek-V3.2, and fewer where it ranks compressed tokens', () => {
    const of = (mixer: object) => {
      const architecture = { ...DENSE, mixers: { x: { kind: 'mla', ...mixer } } } as unknown as Architecture;
      const one = dense();
      return indexerKeyBytes({ ...one, model: { ...one.model, architecture } });
    };
    const indexer = { heads: 64, headDim: 128 };
    expect(of({ indexer })).toBe(132);
    expect(of({ indexer, compression: { ratio: 4 } })).toBe(33);
    expect(of({})).toBe(0);
  });

  it('four residual streams live in fp32 beside the activations (DeepSeek-V4-Pro: 4 × 6 × 4 × 7168 B a token)', () => {
    const streamed = dense({ batchTokens: 8192, maxNumSeqs: 1 });
    const model = { ...streamed.model, architecture: { ...DENSE, hiddenSize: 7168, hyperConnections: 4 } };
    expect(residualStreamBytes({ model })).toBe(4 * 6 * 4 * 7168);
    expect(residualStreamBytes(streamed)).toBe(0);
    const one = { ...streamed, model };
    expect(bytes(one, 'forward')).toBe(8192 * (activationBytesPerToken(one) * 0.5 + 688_128));
  });
});

describe('the overhead of a fitted engine', () => {
  it('is what is outside torch, the larger of forward pass and sampler, and the graphs that count', () => {
    const one = dense({ maxNumSeqs: 1024, batchTokens: 8192, graphEstimate: true });
    expect(bytes(one, 'nonTorch')).toBe(0.25 * GIB);
    expect(bytes(one, 'sampler')).toBe(1024 * 128_256 * 16);
    expect(bytes(one, 'forward')).toBe(8192 * 2 * 83_968 * 0.5);
    expect(bytes(one, 'graphs')).toBe(2 * 0.5 * GIB);
    expect(overheadGiB(one).value).toBeCloseTo(0.25 + (1024 * 128_256 * 16) / GIB + 1, 9);
    expect(overheadGiB(dense({ maxNumSeqs: 16 })).value).toBeCloseTo(0.25 + (8192 * 83_968) / GIB, 9);
  });

  it('every part comes with the formula that gives it, in bytes', () => {
    for (const one of [fitted({ graphEstimate: true }), dense(), fitted({ layout: { tp: 2 }, maxNumSeqs: 16 })]) {
      for (const part of overheadParts(one, FIT)) {
        const value = evaluate(part.formula(), { tp: one.layout.tp }) as Unit;
        expect(value.toNumber('B'), part.id).toBeCloseTo(part.bytes, 3);
      }
    }
  });

  it('a TP group adds its own memory and more with each doubling', () => {
    expect(bytes(fitted({ layout: { tp: 1 } }), 'nonTorch') / GIB).toBe(0.25);
    expect(bytes(fitted({ layout: { tp: 8 } }), 'nonTorch') / GIB).toBe(0.25 + 0.5 + 3 * 0.25);
  });

  it('the estimate of graphs counts as the release does, as asked, and never in eager mode', () => {
    const counted = { ...FIT, graphsCounted: true };
    const graphs = (ask: DeploymentAsk, fit: OverheadFit) =>
      overheadParts(fitted(ask, [fit]), fit).find(({ id }) => id === 'graphs')?.bytes;
    expect(graphs({}, FIT)).toBe(0);
    expect(graphs({ graphEstimate: true }, FIT)).toBe(61 * 0.5 * GIB);
    expect(graphs({}, counted)).toBe(61 * 0.5 * GIB);
    expect(graphs({ graphEstimate: false }, counted)).toBe(0);
    expect(graphs({ eager: true }, counted)).toBe(0);
  });

  it('has the band of the fit, and a narrower one moved by a calibration', () => {
    const { low, value, high } = overheadGiB(fitted());
    expect([low - value, high - value]).toEqual([expect.closeTo(-1, 9), expect.closeTo(2, 9)]);
    const { layout } = fitted();
    const calibration: MemoryCalibration = {
      name: 'log',
      model: '',
      format: '',
      gpu: '',
      engine: '',
      engineVersion: 'v0.18.0+cu129',
      layout,
      weightOffsetBytes: 0,
      overheadOffsetBytes: GIB,
      source: '',
    };
    const moved = overheadGiB(fitted({ calibration }));
    expect([moved.value - value, moved.low - moved.value, moved.high - moved.value]).toEqual([
      expect.closeTo(1, 9),
      expect.closeTo(-0.25, 9),
      expect.closeTo(0.5, 9),
    ]);
    for (const other of [
      { engineVersion: '0.17.0' },
      { engineVersion: '0.18.0.dev3+ours' },
      { engineVersion: null },
      { layout: { ...layout, tp: 2 * layout.tp } },
      { layout: { ...layout, pp: 2 } },
      { layout: { ...layout, attentionDp: 2 } },
    ]) {
      const wide = overheadGiB(fitted({ calibration: { ...calibration, ...other } }));
      expect([wide.value - value, wide.low - wide.value, wide.high - wide.value], JSON.stringify(other)).toEqual([
        expect.closeTo(1, 9),
        expect.closeTo(-1, 9),
        expect.closeTo(2, 9),
      ]);
    }
    const weightsOnly = { ...calibration, overheadOffsetBytes: null };
    expect(overheadGiB(fitted({ calibration: weightsOnly }))).toMatchObject({ low, value, high });
  });

  it('takes the constants of the newest range that the release has reached', () => {
    const later = { ...FIT, since: '0.21.0', baseGiB: 1 };
    const other = { ...FIT, since: '0.8.0', vendor: 'amd' as const };
    const at = (engine: string) => overheadFit(fitted({ engine }, [later, FIT, other]));
    expect(at('vllm@0.18.0')).toBe(FIT);
    expect(at('vllm@0.21.0')).toBe(later);
    expect(at('vllm@0.7.3')).toBeUndefined();
  });

  it('without constants is the band of the vendor, and has no parts', () => {
    const one = fitted({}, []);
    expect(overheadGiB(one)).toMatchObject({ ...one.release.engine.overheadGiB.nvidia, parts: [] });
  });

  it('never falls where sequences, tokens, graphs or ranks of a group grow, and never below zero', () => {
    const asks = fc.record({
      tp: fc.constantFrom(1, 2, 4, 8),
      seqs: fc.integer({ min: 1, max: 2048 }),
      tokens: fc.integer({ min: 1, max: 32_768 }),
      graphEstimate: fc.boolean(),
    });
    fc.assert(
      fc.property(asks, ({ tp, seqs, tokens, graphEstimate }) => {
        const ask = { layout: { tp }, maxNumSeqs: seqs, batchTokens: tokens, graphEstimate };
        const of = (more: DeploymentAsk) => overheadGiB(fitted({ ...ask, ...more })).value;
        const base = of({});
        expect(of({ maxNumSeqs: seqs + 1 })).toBeGreaterThanOrEqual(base);
        expect(of({ batchTokens: tokens + 1 })).toBeGreaterThanOrEqual(base);
        expect(of({ graphEstimate: true })).toBeGreaterThanOrEqual(base);
        const band = overheadGiB(fitted(ask));
        expect(band.low).toBeGreaterThanOrEqual(0);
        expect(band.low).toBeLessThanOrEqual(band.value);
        expect(band.value).toBeLessThanOrEqual(band.high);
        expect(sumOfParts(band.parts) / GIB).toBeCloseTo(band.value, 9);
      }),
    );
  });
});
