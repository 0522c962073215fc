import type { Gpu } from '../../hardware/gpu.ts';
import type { Checkpoint, Model } from '../../model/model.ts';

function words(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9.]+/g) ?? [];
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word) => b.includes(word));
}

/**
 * The GPU profile that a name means: its words, without those that the profile itself states (vendor, architecture, form factor), are
 * those of its id, name or an alias.
 *
 * @returns undefined where no profile or more than one has that name
 * @example gpuNamed(catalog.gpus, 'H100 80GB SXM').id // 'h100-sxm'
 */
export function gpuNamed(gpus: readonly Gpu[], text: string): Gpu | undefined {
  const asked = words(text);
  const found = gpus.filter((gpu) => {
    const stated = words(`${gpu.vendor} ${gpu.microarchitecture} ${gpu.formFactor}`);
    const rest = asked.filter((word) => !stated.includes(word));
    return [gpu.id, gpu.name, ...gpu.aliases].some((name) => sameWords(words(name), asked) || sameWords(words(name), rest));
  });
  const exact = found.filter((gpu) => [gpu.id, ...gpu.aliases].some((name) => sameWords(words(name), asked)));
  const candidates = exact.length > 0 ? exact : found;
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** A model that a name means, and the checkpoint where it is the name of a repository. */
interface NamedModel {
  readonly model: Model;
  readonly checkpoint: Checkpoint | null;
}

function plain(text: string): string {
  return text
    .replace(/\([^)]*\)/g, '')
    .trim()
    .toLowerCase();
}

function withoutOwner(repository: string): string {
  return repository.slice(repository.lastIndexOf('/') + 1);
}

/**
 * The model that a name means: a repository `owner/name`, the name of a repository alone, or an id, name or alias of the catalog.
 *
 * @returns undefined where the catalog knows no such name, or more than one model has it
 * @example modelNamed(catalog.models, 'moonshotai/Kimi-K2.5').model.id // 'kimi-k2.5'
 */
export function modelNamed(models: readonly Model[], text: string): NamedModel | undefined {
  const asked = plain(text);
  const repositories = models.flatMap((model) =>
    model.checkpoints.flatMap((checkpoint) =>
      [checkpoint.repository, ...(checkpoint.alsoIn ?? [])].map((name) => ({ model, checkpoint, name: name.toLowerCase() })),
    ),
  );
  const whole = repositories.filter(({ name }) => name === asked);
  const short = repositories.filter(({ name }) => withoutOwner(name) === asked);
  const named = models
    .filter(({ id, name, aliases }) => [id, name, ...aliases].some((one) => one.toLowerCase() === asked))
    .map((model) => ({ model, checkpoint: null }));
  const found = [whole, short, named].find((matches) => matches.length > 0) ?? [];
  const [first] = found;
  if (!first || found.some(({ model }) => model !== first.model)) return undefined;
  return { model: first.model, checkpoint: found.length === 1 ? first.checkpoint : null };
}

/** What files call the formats of checkpoints, by words that settle it. */
const FORMATS: readonly (readonly [RegExp, string])[] = [
  [/nvfp4|modelopt_fp4/i, 'nvfp4'],
  [/mxfp4/i, 'mxfp4'],
  [/\bint4\b/i, 'int4'],
  [/\bint8\b/i, 'int8'],
  [/\bawq\b/i, 'awq'],
  [/\bgptq\b/i, 'gptq'],
  [/fp8/i, 'fp8'],
  [/\bbf16\b|\bbfloat16\b/i, 'bf16'],
];

/** The format that a text names, or null where it names none. */
export function formatNamed(text: string): string | null {
  return FORMATS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
