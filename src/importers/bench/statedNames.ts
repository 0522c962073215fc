import type { Gpu } from '../../hardware/gpu.ts';
import type { Checkpoint, Model } from '../../model/model.ts';
import type { Catalog } from '../../plan/catalog.ts';

/** A model that a name means, and the format where the name is that of a checkpoint. */
export interface NamedModel {
  readonly model: Model;
  readonly format: string | null;
}

function names({ repository, alsoIn }: Checkpoint): string[] {
  return [repository, ...(alsoIn ?? [])].map((name) => name.toLowerCase());
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * The model that a served name means: a repository `owner/name`, its last part, a path that ends in it, or a name of the catalog.
 *
 * @returns undefined where the catalog knows no such name, or several models have it
 * @example modelNamed(catalog, 'nvidia/Kimi-K2.5-NVFP4').format // 'nvfp4'
 */
export function modelNamed({ models }: Catalog, name: string): NamedModel | undefined {
  const asked = name.trim().toLowerCase().replace(/\/+$/, '');
  const stored = models.flatMap((model) =>
    model.checkpoints.flatMap((checkpoint) => names(checkpoint).map((repository) => ({ model, format: checkpoint.format, repository }))),
  );
  const matches = [
    stored.filter(({ repository }) => repository === asked),
    models
      .filter(({ id, name: title, aliases }) => [id, title, ...aliases].some((one) => one.toLowerCase() === asked))
      .map((model) => ({ model, format: null })),
    stored.filter(({ repository }) => lastPart(repository) === lastPart(asked)),
  ].find((found) => found.length > 0);
  const [first] = matches ?? [];
  if (!first || matches?.some(({ model }) => model !== first.model)) return undefined;
  return { model: first.model, format: matches?.length === 1 ? first.format : null };
}

/**
 * The GPU that the name of a runner means: the name, or what is left of it without its last parts.
 *
 * @returns undefined where the catalog knows none
 * @example gpuNamed(catalog, 'b200-trt').id // 'b200-sxm'
 */
export function gpuNamed({ gpus }: Catalog, name: string): Gpu | undefined {
  const parts = name.trim().toLowerCase().split(/[-_]/);
  for (let length = parts.length; length > 0; length--) {
    const asked = parts.slice(0, length).join('-');
    const found = gpus.find(({ id, aliases }) => id === asked || aliases.includes(asked));
    if (found) return found;
  }
  return undefined;
}

/** Formats that a word of precision may stand for. */
const PRECISIONS: Readonly<Record<string, readonly string[]>> = { fp4: ['nvfp4', 'mxfp4'], '4bit': ['int4', 'awq', 'gptq'] };

/**
 * The checkpoint formats of a model that a precision may stand for.
 *
 * @example formatsOf(k25, 'fp4') // ['nvfp4', 'mxfp4']
 */
export function formatsOf({ checkpoints }: Model, precision: string): string[] {
  const words = Object.hasOwn(PRECISIONS, precision) ? (PRECISIONS[precision] ?? []) : [precision];
  return checkpoints.map(({ format }) => format).filter((format) => words.includes(format));
}
