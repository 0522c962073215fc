import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/faults/fault.ts';
import { fillsNodes, fleetSizes, layoutAsked, layoutsOver, preference } from '../../src/layout/enumeration.ts';
import { layoutKey, layoutName, replicaGpus, stageRanks, totalGpus } from '../../src/layout/layout.ts';
import { layoutOf } from '../support/deployments.ts';

const gpus = fc.integer({ min: 1, max: 96 });
const ask = fc.record(
  {
    tp: fc.integer({ min: 1, max: 16 }),
    pp: fc.integer({ min: 1, max: 8 }),
    dp: fc.integer({ min: 1, max: 4 }),
    attentionDp: fc.integer({ min: 1, max: 16 }),
    dcp: fc.constantFrom(1, 2, 8),
    ep: fc.constantFrom(1, 8),
  },
  { requiredKeys: [] },
);

describe('layouts over a number of GPUs', () => {
  it('use exactly the GPUs asked, keep what was asked, and never repeat', () => {
    fc.assert(
      fc.property(gpus, ask, (count, asked) => {
        const layouts = layoutsOver(count, asked);
        for (const layout of layouts) {
          expect(totalGpus(layout)).toBe(count);
          expect(layout).toMatchObject(asked);
        }
        expect(new Set(layouts.map((layout) => JSON.stringify(layout))).size).toBe(layouts.length);
      }),
    );
  });

  it('without an ask: one for every way to write the count as tp × attention DP × pp', () => {
    const products = (count: number) => {
      let ways = 0;
      for (let tp = 1; tp <= count; tp++) for (let adp = 1; adp <= count; adp++) if (count % (tp * adp) === 0) ways++;
      return ways;
    };
    fc.assert(fc.property(gpus, (count) => void expect(layoutsOver(count)).toHaveLength(products(count))));
  });

  it('nothing where the ask does not divide the count', () => {
    expect(layoutsOver(12, { tp: 8 })).toEqual([]);
    expect(layoutsOver(8, { dp: 3 })).toEqual([]);
  });

  it('experts stay split without attention DP and go whole to every rank with it', () => {
    for (const layout of layoutsOver(16)) expect(layout.ep).toBe(layout.attentionDp > 1 ? stageRanks(layout) : 1);
  });
});

describe('the layout that flags name', () => {
  it('members that are not asked are 1', () => {
    expect(layoutAsked({ tp: 8, pp: 2 })).toEqual([layoutOf({ tp: 8, pp: 2 })]);
    expect(layoutAsked({ attentionDp: 8 })).toEqual([layoutOf({ attentionDp: 8, ep: 8 })]);
  });

  it('a count that the ways do not divide is a contradiction', () => {
    expect(() => layoutAsked({ tp: 8, pp: 2 }, 12)).toThrow(Fault);
    expect(() => layoutAsked({ tp: 8, pp: 2 }, 12)).toThrow('--tp 8 × --pp 2 does not divide 12 GPUs (got 12); allowed: a multiple of 16');
  });
});

describe('the order in which layouts are offered', () => {
  it('16 GPUs in two nodes: TP inside and PP across, then TP across, before wide EP', () => {
    const names = layoutsOver(16)
      .sort((a, b) => preference(a, b, 8))
      .map(layoutName);
    expect(names[0]).toBe('TP8×PP2');
    expect(names.indexOf('TP16')).toBeLessThan(names.indexOf('DP-attention16+EP16'));
  });

  it('is an order: antisymmetric, and zero for a layout and itself', () => {
    const layout = fc
      .record({ tp: fc.integer({ min: 1, max: 8 }), pp: fc.integer({ min: 1, max: 4 }), attentionDp: fc.integer({ min: 1, max: 4 }) })
      .map(layoutOf);
    fc.assert(
      fc.property(layout, layout, (a, b) => {
        expect(Math.sign(preference(a, b, 8)) + Math.sign(preference(b, a, 8))).toBe(0);
        expect(preference(a, a, 8)).toBe(0);
        if (totalGpus(a) < totalGpus(b)) expect(preference(a, b, 8)).toBeLessThan(0);
      }),
    );
  });
});

describe('layouts that fill their nodes', () => {
  it.each([
    [{ tp: 8, pp: 2 }, true],
    [{ tp: 16 }, true],
    [{ attentionDp: 8 }, true],
    [{ tp: 4 }, true],
    [{ tp: 4, pp: 2 }, false],
    [{ pp: 8 }, false],
    [{ tp: 8, pp: 2, dp: 4 }, true],
    [{ pp: 8, dp: 8 }, false],
  ])('%j on nodes of 8: %s', (part, fills) => {
    expect(fillsNodes(layoutOf(part), 8)).toBe(fills);
  });
});

describe('fleets worth asking for', () => {
  it.each([
    [8, 4, [1, 2, 4, 8, 16, 24, 32]],
    [4, 4, [1, 2, 4, 8, 12, 16]],
    [1, 2, [1, 2]],
  ])('%i GPUs a node, up to %i nodes', (perNode, nodes, sizes) => {
    expect(fleetSizes(perNode, nodes)).toEqual(sizes);
  });
});

describe('a layout as words and as key', () => {
  it.each([
    [{ tp: 8, pp: 2 }, 'TP8×PP2', 'tp8-pp2'],
    [{ attentionDp: 8, ep: 8 }, 'DP-attention8+EP8', 'tp1-adp8-ep8'],
    [{ tp: 4, attentionDp: 2, ep: 8, pp: 2 }, 'TP4×DP-attention2×PP2+EP8', 'tp4-adp2-pp2-ep8'],
    [{ tp: 8, dcp: 8, dp: 2 }, 'TP8+DCP8 ×2 copies', 'tp8-dcp8-dp2'],
    [{}, 'TP1', 'tp1'],
  ])('%j', (part, name, key) => {
    expect([layoutName(layoutOf(part)), layoutKey(layoutOf(part))]).toEqual([name, key]);
  });

  it('counts ranks of a stage, of a replica and of all copies', () => {
    const layout = layoutOf({ tp: 4, attentionDp: 2, pp: 3, dp: 5 });
    expect([stageRanks(layout), replicaGpus(layout), totalGpus(layout)]).toEqual([8, 24, 120]);
  });
});
