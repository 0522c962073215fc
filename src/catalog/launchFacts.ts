import { compareVersions } from '../engine/version.ts';
import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import type { Model } from '../model/model.ts';
import { type Checked, type DataFolder, readYamlFile, readYamlFolder, throwFaults } from './dataFolder.ts';
import { type EngineLaunch, type FlagFact, type LaunchFacts, type LaunchId, launchFile, vendorApisFile, type When } from './launchFile.ts';
import { checkReference } from './names.ts';
import { SourceBook } from './sourceBook.ts';

const ENGINES: readonly LaunchId[] = ['vllm', 'sglang', 'ktransformers', 'llama.cpp'];

type File = Checked<EngineLaunch & { readonly sources: LaunchFacts['sources'] }>;

/** Whether two ranges of releases meet: one flag of an id at a time. */
function meet(a: FlagFact, b: FlagFact): boolean {
  const ends = (one: FlagFact, other: FlagFact) =>
    one.before !== undefined && other.since !== undefined && compareVersions(one.before, other.since) <= 0;
  return !ends(a, b) && !ends(b, a);
}

function checkFlags({ content, data }: File, faults: Fault[]): void {
  content.flags.forEach((flag, index) => {
    if (content.flags.slice(0, index).some((other) => other.id === flag.id && meet(other, flag)))
      faults.push(
        new Fault('contradiction', 'another flag of this id is in force in the same releases', {
          where: data.where(['flags', index, 'id']),
          value: flag.id,
        }),
      );
  });
}

/** A setting needs its flag, with a value where the flag takes one. */
function checkSettings({ content, data }: File, faults: Fault[]): void {
  content.settings.forEach(({ id, value }, index) => {
    const flag = content.flags.find((one) => one.id === id);
    const where = data.where(['settings', index, 'id']);
    if (!flag) faults.push(new Fault('unknown', 'no flag has this id', { where, value: id, allowed: 'an id of `flags:`' }));
    else if ((flag.form === 'value') !== (value !== undefined))
      faults.push(
        new Fault('contradiction', `${flag.flag} ${flag.form === 'value' ? 'takes a value' : 'is a switch'}`, { where, value: id }),
      );
    else if (flag.values && !flag.values.some((known) => known.value === value))
      faults.push(
        new Fault('unknown', `no value of ${flag.flag}`, { where, value, allowed: flag.values.map((one) => one.value).join(', ') }),
      );
  });
}

/** Adds a fault for every model that the rows of a part name and the catalog does not have. */
function checkModels(
  { data }: Pick<Checked<unknown>, 'data'>,
  rows: readonly { readonly path: readonly PropertyKey[]; readonly models: readonly string[] }[],
  known: ReadonlySet<string>,
  faults: Fault[],
): void {
  const places = rows.flatMap(({ path, models }) => models.map((id, at) => ({ id, path: [...path, at] })));
  for (const { id, path } of places.filter((place) => !known.has(place.id)))
    faults.push(
      new Fault('unknown', `${path.join('.')}: no such model`, {
        where: data.where(path),
        value: id,
        allowed: "an id of the catalog's models",
        nearest: nearestNames(id, known),
      }),
    );
}

/** Where a file of an engine names models. */
function modelsNamed({ settings, variables, drafts }: File['content']) {
  const conditions = (part: string, rows: readonly { readonly when: When }[]) =>
    rows.map(({ when }, index) => ({ path: [part, index, 'when', 'models'], models: when.models ?? [] }));
  const ofDrafts = { path: ['drafts'], models: drafts.map(({ model }) => model) };
  return [...conditions('settings', settings), ...conditions('variables', variables), ofDrafts];
}

/**
 * Reads, checks and resolves `data/launch`: the flags, variables and images of each engine by release.
 *
 * @param path the folder `data/`
 * @param models of the catalog, which conditions may name
 * @throws {Fault}, or {AggregateError} of every `Fault`
 */
export function resolveLaunch(path: string, models: readonly Model[]): LaunchFacts {
  const folder: DataFolder = { path, faults: [] };
  const files = readYamlFolder(folder, 'launch', launchFile) as File[];
  const book = new SourceBook(folder.faults);
  const ids = new Set(models.map(({ id }) => id));
  for (const file of files) {
    checkReference(new Set<string>(ENGINES), file, ['engine'], file.id, folder.faults);
    checkFlags(file, folder.faults);
    checkSettings(file, folder.faults);
    checkModels(file, modelsNamed(file.content), ids, folder.faults);
  }
  const apiFile = readYamlFile(folder, 'vendor-apis.yaml', vendorApisFile);
  if (apiFile) {
    const named = apiFile.content.apis.map(({ models: of }, index) => ({ path: ['apis', index, 'models'], models: of }));
    checkModels(apiFile, named, ids, folder.faults);
  }
  const engines = Object.fromEntries(files.map((file) => [file.id, book.qualify('launch', file)]));
  const { apis = [] } = apiFile ? book.qualify('data', apiFile) : {};
  throwFaults(folder.faults);
  return { schema: 'kplan/launch@1', engines: engines as LaunchFacts['engines'], apis, sources: book.entries };
}
