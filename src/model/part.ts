import type { EncodingId } from './encoding.ts';
import type { ModuleClass, Placement, Split, TensorGroup } from './tensors.ts';

/** A tensor group before it is placed in layers and before a checkpoint stores it. */
export interface Part extends Omit<TensorGroup, 'placement' | 'encoding' | 'layers'> {
  /** Storage that no checkpoint changes; where absent, that of the module class. */
  readonly encoding?: EncodingId;
}

/** A part with its layers. */
export interface PlacedPart extends Part {
  readonly placement: Placement;
  readonly layers?: readonly number[];
}

/** The shape of some tensors: `rows` output features, `columns` input features, and how many of them a layer has. */
type Shape = readonly [rows: number, columns: number, tensors?: number];

/** Matrices of one shape and role. */
export function matrix(
  id: string,
  label: string,
  module: ModuleClass,
  split: Split,
  [rows, columns, tensors = 1]: Shape,
  more: Partial<Pick<Part, 'kvHeads' | 'ffnAxis' | 'encoding'>> = {},
): Part {
  return { id, label, module, split, rows, columns, tensors, ...more };
}

/** Vectors that no checkpoint quantises: biases, gates, state constants. */
export function vector(
  id: string,
  label: string,
  module: ModuleClass,
  split: Split,
  size: number,
  { tensors = 1, encoding = 'bf16' }: { readonly tensors?: number; readonly encoding?: 'bf16' | 'fp32' } = {},
): Part {
  return { id, label, module, split, rows: 1, columns: size, tensors, encoding };
}

/** Norms of one layer, taken together. */
export function norms(id: string, label: string, size: number): Part {
  return { id, label, module: 'norm', split: 'replicated', rows: 1, columns: size, tensors: 1 };
}

function prefixed(prefix: string, id: string): string {
  return `${prefix}${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}

/** Parts in their layers; where `kind` is named, ids begin with it and labels end with it. */
export function placed(parts: readonly Part[], placement: Placement, kind?: string): PlacedPart[] {
  return parts.map((part) =>
    kind === undefined
      ? { ...part, placement }
      : { ...part, placement, id: prefixed(kind, part.id), label: `${part.label} (${kind} ${kind === 'draft' ? 'module' : 'layers'})` },
  );
}
