import type { Catalog } from '../../plan/catalog.ts';
import { slugOf } from './slug.ts';

/** A model of the catalog, and the tier that a name says it is served in. */
export interface NamedTier {
  readonly model: string;
  /** standard where the name says nothing. */
  readonly tier: string;
}

/** Endings of names that are a way of serving and no other model. */
const TIERS: readonly string[] = ['batch', 'fast', 'flex', 'free', 'highspeed', 'lightning', 'priority', 'tee', 'thinking', 'turbo'];

/** Regions, whose prices are their own. */
const REGION = /^(?:us|eu|ap|apac|au|ca|global|in|jp|kr|sg|uk)(?:-[a-z]{2,12}-\d)?$/;

/** Endings that say where a name comes from, not what it is. */
const NEUTRAL = /(?:-maas|-v\d(?::\d)?)$/;

/** A vendor before a dot: `moonshotai.kimi-k2.5`. */
const DOTTED = /^([a-z]+)\.(?=[a-z])/;

interface SplitName {
  /** Names that the model may be known by, best first. */
  readonly candidates: readonly string[];
  /** What stands before it and changes the price. */
  readonly before: readonly string[];
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function splitName(name: string): SplitName {
  const lower = name.toLowerCase().replace(/^~/, '');
  const parts = lower.split('/');
  let last = parts.pop() ?? '';
  const before = parts.filter((part) => REGION.test(part) || part === 'tee');
  const owned = parts.length > 0 ? [`${parts.at(-1)?.replace(/^[a-z]+:/, '')}/${last}`] : [];
  for (let found = DOTTED.exec(last); found; found = DOTTED.exec(last)) {
    if (REGION.test(found[1] ?? '')) before.push(found[1] ?? '');
    last = last.slice(found[0].length);
  }
  const plain = last.replace(NEUTRAL, '');
  return { candidates: [...owned, last, plain, plain.replace(/(\d)[p_](?=\d)/g, '$1.')], before };
}

function joined(...tiers: readonly string[]): string {
  return tiers.filter((tier) => tier !== 'standard').join('-') || 'standard';
}

/** Models of the catalog by what registries call them; a name is only ever taken whole. */
export class ModelNames {
  /** null: several models have the name. */
  readonly #models = new Map<string, string | null>();
  readonly #shipped = new Map<string, NamedTier>();

  constructor({ models, tariffs }: Pick<Catalog, 'models' | 'tariffs'>) {
    for (const { id, aliases, checkpoints } of models) {
      const repositories = checkpoints.flatMap(({ repository, alsoIn = [] }) => [repository, ...alsoIn]);
      for (const name of [id, ...aliases, ...repositories, ...repositories.map(lastPart)]) this.#add(name, id);
    }
    for (const { id, model, tier } of tariffs) {
      this.#add(model, model);
      const [registry = '', provider = '', slug = ''] = id.split(':');
      if (!slug.includes('/')) this.#shipped.set(`${registry}:${provider}:${slug}`, { model, tier });
    }
  }

  #add(name: string, model: string): void {
    const key = name.toLowerCase();
    const known = this.#models.get(key);
    this.#models.set(key, known === undefined || known === model ? model : null);
  }

  /** All names of models, for messages. */
  all(): string[] {
    return [...this.#models].flatMap(([name, model]) => (model === null || name.includes('/') ? [] : [name]));
  }

  /** The model with exactly this name. */
  exactly(name: string): string | null {
    return this.#models.get(name.toLowerCase()) ?? null;
  }

  #served(candidate: string): NamedTier | null {
    const model = this.exactly(candidate);
    if (model !== null) return { model, tier: 'standard' };
    for (const tier of TIERS) {
      if (!candidate.endsWith(tier) || !/[-:]/.test(candidate.at(-tier.length - 1) ?? '')) continue;
      const inner = this.exactly(candidate.slice(0, -tier.length - 1));
      if (inner !== null) return { model: inner, tier };
    }
    return null;
  }

  /**
   * The model of the catalog that a registry means, and its tier where the name says one.
   *
   * @returns null where the catalog does not know it
   */
  named(registry: string, provider: string, name: string): NamedTier | null {
    const shipped = this.#shipped.get(`${registry}:${slugOf(provider)}:${slugOf(name)}`);
    if (shipped) return shipped;
    const { candidates, before } = splitName(name);
    for (const candidate of candidates) {
      const found = this.#served(candidate);
      if (found) return { model: found.model, tier: joined(...before, found.tier) };
    }
    return null;
  }

  /** The name that a model which the catalog does not know keeps; null where it holds no letter. */
  static ownName(name: string): NamedTier | null {
    const model = slugOf(lastPart(name));
    return model === '' ? null : { model, tier: joined(...splitName(name).before) };
  }
}

/** A tier that the name says, and one that the price says. */
export function joinedTier(name: string, price: string): string {
  return joined(name, slugOf(price) || 'other');
}
