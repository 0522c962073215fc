import type { Source, SourceId } from '../evidence/source.ts';
import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import type { Checked } from './dataFolder.ts';
import type { PlacedValue } from './yamlFile.ts';

type LocalSources = Readonly<Record<string, Source>>;

const REFERENCES = new Set(['source', 'architectureSource', 'versionSource']);

const SHARED = 'sources';

/** All sources by catalog id: `<folder>/<file>#<key>`, or `sources#<key>` for data/sources.yaml. */
export class SourceBook {
  readonly entries: Record<SourceId, Source> = {};
  private readonly faults: Fault[];
  private shared: LocalSources = {};
  private sharedIsKnown = false;

  constructor(faults: Fault[]) {
    this.faults = faults;
  }

  /** Takes in data/sources.yaml, whose keys every file may use. */
  share(file: Checked<{ sources: LocalSources }> | undefined): void {
    this.shared = file?.content.sources ?? {};
    this.sharedIsKnown = file !== undefined;
    this.add(SHARED, this.shared);
  }

  /** A file's content with its own `sources` taken in and every source key replaced by its catalog id. */
  qualify<T extends { sources: LocalSources }>(folder: string, file: Checked<T>): Omit<T, 'sources'> {
    const { sources, ...content } = file.content;
    const owner = `${folder}/${file.id}`;
    this.add(owner, sources);
    for (const key of Object.keys(sources).filter((name) => Object.hasOwn(this.shared, name)))
      this.faults.push(
        new Fault('contradiction', 'also a key of data/sources.yaml', { where: file.data.where(['sources', key], 'key'), value: key }),
      );
    const used = new Set<string>();
    const qualified = this.replace(content, owner, sources, file.data, [], used) as Omit<T, 'sources'>;
    for (const key of Object.keys(sources).filter((name) => !used.has(name)))
      this.faults.push(new Fault('invalid', 'no field uses this source', { where: file.data.where(['sources', key], 'key'), value: key }));
    return qualified;
  }

  /** The catalog id of a shared source that a CSV row names. */
  sharedId(key: string, data: PlacedValue): SourceId {
    return this.id(key, '', {}, data, ['source']);
  }

  private add(owner: string, sources: LocalSources): void {
    for (const [key, source] of Object.entries(sources)) this.entries[`${owner}#${key}`] = source;
  }

  private id(key: string, owner: string, local: LocalSources, data: PlacedValue, path: readonly PropertyKey[]): SourceId {
    if (Object.hasOwn(local, key)) return `${owner}#${key}`;
    if (this.sharedIsKnown && !Object.hasOwn(this.shared, key)) {
      const nearest = nearestNames(key, [...Object.keys(local), ...Object.keys(this.shared)]);
      const allowed = owner ? 'a key of `sources:` in this file or of data/sources.yaml' : 'a key of data/sources.yaml';
      this.faults.push(
        new Fault('unknown', `${path.join('.')}: no such source`, { where: data.where(path), value: key, allowed, nearest }),
      );
    }
    return `${SHARED}#${key}`;
  }

  private replace(value: unknown, owner: string, local: LocalSources, data: PlacedValue, path: PropertyKey[], used: Set<string>): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item, index) => this.replace(item, owner, local, data, [...path, index], used));
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const at = [...path, key];
        if (!REFERENCES.has(key) || typeof inner !== 'string') return [key, this.replace(inner, owner, local, data, at, used)];
        used.add(inner);
        return [key, this.id(inner, owner, local, data, at)];
      }),
    );
  }
}
