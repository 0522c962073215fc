import type { Tariff } from '../../cost/tariff.ts';
import { slugOf } from './slug.ts';

/** Letters and digits alone: `moonshot-ai`, `Moonshot_AI` and `moonshotai` are one name. */
function squeezed(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Providers of the catalog by what registries call them: the ids of its tariffs begin with `registry:provider:`. */
export class ProviderNames {
  readonly #byRegistry = new Map<string, string>();
  readonly #anywhere = new Map<string, string>();
  readonly #makers = new Map<string, string>();

  constructor(tariffs: readonly Tariff[]) {
    for (const { id, provider, providerKind, model } of tariffs) {
      const [registry = '', name = ''] = id.split(':');
      this.#byRegistry.set(`${registry}:${squeezed(name)}`, provider);
      if (!this.#anywhere.has(squeezed(name))) this.#anywhere.set(squeezed(name), provider);
      if (providerKind === 'vendor' && !this.#makers.has(model)) this.#makers.set(model, provider);
    }
    for (const { provider } of tariffs) this.#anywhere.set(squeezed(provider), provider);
  }

  /** Whether some registry of the catalog calls a provider so. */
  knows(name: string): boolean {
    return this.#anywhere.has(squeezed(name));
  }

  /**
   * The provider that a registry means; one that the catalog does not know keeps its name.
   *
   * @param name as the registry writes it; empty: the maker of the model
   * @param model of the catalog
   */
  providerOf(registry: string, name: string, model: string): string {
    if (name === '') return this.#makers.get(model) ?? slugOf(registry);
    const key = squeezed(name);
    return this.#byRegistry.get(`${registry}:${key}`) ?? this.#anywhere.get(key) ?? (slugOf(name) || slugOf(registry));
  }
}
