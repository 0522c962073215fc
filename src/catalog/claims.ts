import type { Tariff } from '../cost/tariff.ts';
import { Fault } from '../faults/fault.ts';
import type { Model } from '../model/model.ts';
import type { Claim } from '../plan/claims/claim.ts';
import { isListPrice } from '../plan/claims/listPrice.ts';
import { claimFile } from './claimFile.ts';
import { type DataFolder, idsOf, readYamlFolder } from './dataFolder.ts';
import { checkReference } from './names.ts';
import type { SourceBook } from './sourceBook.ts';

/** What claims may speak of. */
interface Subjects {
  readonly models: readonly Model[];
  readonly gpus: ReadonlySet<string>;
  readonly tariffs: readonly Tariff[];
}

/** Names that there are; none where the file that would give them is broken, which is said elsewhere. */
interface Names {
  readonly models: ReadonlySet<string>;
  readonly formats: ReadonlySet<string>;
  readonly gpus: ReadonlySet<string>;
  /** Models of which a vendor lists a price. */
  readonly priced: ReadonlySet<string>;
}

/** Each name that a check mentions, as its place in the check and the names that it must be one of. */
type Reference = readonly [path: readonly PropertyKey[], name: string, known: ReadonlySet<string>];

function references(check: Claim['check'], { models, formats, gpus, priced }: Names): Reference[] {
  const each = (key: string, names: readonly string[], known: ReadonlySet<string>) =>
    names.map((name, index): Reference => [[key, index], name, known]);
  switch (check.kind) {
    case 'fit':
    case 'size': {
      const format: Reference[] = check.format === undefined ? [] : [[['format'], check.format, formats]];
      const gpu: Reference[] = check.kind === 'fit' ? [[['gpu'], check.gpu, gpus]] : [];
      return [[['model'], check.model, models], ...gpu, ...format];
    }
    case 'ratio': {
      const own = Object.keys(check.ownUsdPerMtok ?? {}).map((name): Reference => [['ownUsdPerMtok', name], name, priced]);
      return [...each('models', check.models, priced), [['than'], check.than, priced], ...own];
    }
    case 'resent':
      return each('models', check.models, priced);
    case 'rent':
      return each('gpu', check.gpu, gpus);
    case 'break-even':
      return [[['model'], check.model, models], [['model'], check.model, priced], ...each('gpu', check.gpu, gpus)];
    default:
      return [[['model'], check.model, priced]];
  }
}

/** The claims of all files of data/claims, each by the key that it stands under. */
export function readClaims(folder: DataFolder, { models, gpus, tariffs }: Subjects, book: SourceBook): Claim[] {
  const formats = new Map(models.map(({ id, checkpoints }) => [id, new Set<string>(checkpoints.map(({ format }) => format))]));
  const known = { models: idsOf(folder, 'models'), gpus, priced: new Set(tariffs.filter(isListPrice).map(({ model }) => model)) };
  const owners = new Map<string, string>();
  return readYamlFolder(folder, 'claims', claimFile).flatMap((file) =>
    Object.entries(book.qualify('claims', file).claims).map(([id, claim]) => {
      const { check } = claim;
      const ofModel = 'model' in check ? formats.get(check.model) : undefined;
      for (const [path, name, names] of references(check, { ...known, formats: ofModel ?? new Set() }))
        if (names.size > 0) checkReference(names, file, ['claims', id, 'check', ...path], name, folder.faults);
      const owner = owners.get(id);
      if (owner !== undefined)
        folder.faults.push(
          new Fault('contradiction', `the id stands in ${owner} already`, { where: file.data.where(['claims', id], 'key'), value: id }),
        );
      owners.set(id, file.data.file);
      return { id, ...claim };
    }),
  );
}
