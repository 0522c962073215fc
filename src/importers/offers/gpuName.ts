/** How a board is built, as far as names say it. */
export type BoardForm = 'sxm' | 'pcie' | 'nvl' | 'oam';

/** A name of a GPU taken apart. */
export interface GpuName {
  /** What is left without maker, memory and form: `h100`, `rtxpro6000`. */
  readonly base: string;
  /** null where the name has none. */
  readonly memoryGB: number | null;
  readonly forms: readonly BoardForm[];
}

/** Words that do not tell one GPU from another. */
const NOISE: ReadonlySet<string> = new Set('nvidia amd intel google tesla instinct geforce nvlink hbm2 hbm2e hbm3 hbm3e'.split(' '));
const FORMS: readonly (readonly [RegExp, BoardForm])[] = [
  [/^(?:sxm\d?|hgx|dgx)(?:x\d+)?$/, 'sxm'],
  [/^pcie?\d?(?:x\d+)?$/, 'pcie'],
  [/^nvl(?:x\d+)?$/, 'nvl'],
  [/^oam$/, 'oam'],
];
const MEMORY = /^(\d{2,3})(?:gi?b?)?$/;
const LONGEST = 120;

function wordsOf(text: string): string[] {
  const apart = text
    .slice(0, LONGEST)
    .toLowerCase()
    .replace(/h(\d00)nvl/g, 'h$1 nvl');
  return apart.match(/[a-z0-9]+/g) ?? [];
}

function formOf(word: string): BoardForm | null {
  return FORMS.find(([pattern]) => pattern.test(word))?.[1] ?? null;
}

/**
 * The forms of boards that a text speaks of; HBM3 alone is how drivers call the SXM board.
 *
 * @example boardForms('gpu_8x_h100_sxm5') // ['sxm']
 */
export function boardForms(text: string): BoardForm[] {
  const words = wordsOf(text);
  const found = [...new Set(words.map(formOf).filter((form) => form !== null))];
  return found.length === 0 && words.includes('hbm3') ? ['sxm'] : found;
}

/**
 * A name taken apart. Two or three digits behind the first word are memory.
 *
 * @example gpuName('NVIDIA A100-SXM4-80GB') // { base: 'a100', memoryGB: 80, forms: ['sxm'] }
 */
export function gpuName(text: string): GpuName {
  const words = wordsOf(text).filter((word) => !NOISE.has(word) && formOf(word) === null);
  const sizes = words.flatMap((word, index) => (index === 0 ? [] : (MEMORY.exec(word)?.[1] ?? [])));
  const base = words.filter((word, index) => index === 0 || !MEMORY.test(word)).join('');
  return { base, memoryGB: sizes[0] === undefined ? null : Number(sizes[0]), forms: boardForms(text) };
}
