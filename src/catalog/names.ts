import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import type { Checked } from './dataFolder.ts';

interface Named {
  readonly aliases: readonly string[];
}

/** Adds a fault for every id or alias that two files of one kind share. */
export function checkNames(files: readonly Checked<Named>[], faults: Fault[]): void {
  const owners = new Map(files.map(({ id, data }) => [id, data.file]));
  for (const { id, content, data } of files) {
    content.aliases.forEach((name, index) => {
      const owner = owners.get(name);
      const where = data.where(['aliases', index]);
      if (name === id || owner === data.file)
        faults.push(new Fault('contradiction', 'the alias repeats a name of this file', { where, value: name }));
      else if (owner !== undefined)
        faults.push(
          new Fault('contradiction', `the alias is taken by ${owner}`, { where, value: name, allowed: 'a name that no other file has' }),
        );
      else owners.set(name, data.file);
    });
  }
}

/** Adds a fault for every row id that stood in an earlier row. */
export function checkRowIds(rows: readonly Checked<{ readonly id: string }>[], faults: Fault[]): void {
  const places = new Map<string, string>();
  for (const { content, data } of rows) {
    const where = data.where(['id']);
    const earlier = places.get(content.id);
    if (earlier !== undefined) faults.push(new Fault('contradiction', `the id stands at ${earlier} already`, { where, value: content.id }));
    places.set(content.id, where);
  }
}

/** Adds a fault where a field names something that is not in the catalog; ids only, so that data never depends on aliases. */
export function checkReference(
  known: ReadonlySet<string>,
  file: Pick<Checked<unknown>, 'data'>,
  path: readonly PropertyKey[],
  value: string,
  faults: Fault[],
): void {
  if (known.has(value)) return;
  const field = path.at(-1);
  faults.push(
    new Fault('unknown', `${path.join('.')}: no such ${String(field)}`, {
      where: file.data.where(path),
      value,
      allowed: `an id of the catalog's ${String(field)}s`,
      nearest: nearestNames(value, known),
    }),
  );
}
