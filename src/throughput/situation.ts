import type { Layout } from '../layout/layout.ts';
import { layoutIdentity } from './curve.ts';
import type { System } from './effects.ts';

/** How far a question lies from what was measured, from nearest to farthest. */
export const SITUATIONS = [
  'sameCurve',
  'calibrated',
  'newShape',
  'newLayout',
  'newGpu',
  'otherModel',
  'uncalibrated',
  'unknownPair',
] as const;

export type Situation = (typeof SITUATIONS)[number];

/** What was measured, as far as it decides the situation of a question. */
export class Measured {
  private readonly seen = new Map<string, number>();

  constructor(measured: readonly { readonly system: System; readonly layout: Layout }[]) {
    for (const { system, layout } of measured) {
      this.count(layoutKey(system, layout));
      for (const key of Object.values(KEYS)) this.count(key(system));
    }
  }

  /**
   * The situation of a replica at a load that no curve covers: another shape of a measured layout, another layout of a measured system,
   * a GPU on which this model, format and engine were not measured (but on another of its vendor), another model on the same GPU, format
   * and engine, none of these, or a format that was never measured with this engine on GPUs of this vendor.
   */
  situationOf(system: System, layout: Layout): Exclude<Situation, 'sameCurve' | 'calibrated'> {
    if (this.seen.has(layoutKey(system, layout))) return 'newShape';
    if (this.seen.has(KEYS.system(system))) return 'newLayout';
    if (this.seen.has(KEYS.stack(system))) return 'otherModel';
    if (this.seen.has(KEYS.sibling(system))) return 'newGpu';
    return this.seen.has(KEYS.pair(system)) ? 'uncalibrated' : 'unknownPair';
  }

  /** Measurements of this format with this engine on GPUs of this vendor. */
  ofPair(system: System): number {
    return this.seen.get(KEYS.pair(system)) ?? 0;
  }

  private count(key: string): void {
    this.seen.set(key, (this.seen.get(key) ?? 0) + 1);
  }
}

const KEYS = {
  system: ({ gpu, engine, format, family }: System) => `system ${gpu} ${engine} ${format} ${family}`,
  stack: ({ gpu, engine, format }: System) => `stack ${gpu} ${engine} ${format}`,
  sibling: ({ vendor, engine, format, family }: System) => `sibling ${vendor} ${engine} ${format} ${family}`,
  pair: ({ vendor, engine, format }: System) => `pair ${vendor} ${engine} ${format}`,
} as const;

function layoutKey(system: System, layout: Layout): string {
  return `${KEYS.system(system)} ${layoutIdentity(layout)}`;
}
