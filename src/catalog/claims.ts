import { Fault } from '../faults/fault.ts';
import type { Model } from '../model/model.ts';
import type { Claim } from '../plan/claims/claim.ts';
import { claimFile } from './claimFile.ts';
import { type DataFolder, idsOf, readYamlFolder } from './dataFolder.ts';
import { checkReference } from './names.ts';
import type { SourceBook } from './sourceBook.ts';

/** The claims of all files of data/claims, each by the key that it stands under. */
export function readClaims(folder: DataFolder, models: readonly Model[], gpus: ReadonlySet<string>, book: SourceBook): Claim[] {
  const byId = new Map(models.map((model) => [model.id, model]));
  const modelIds = idsOf(folder, 'models');
  const owners = new Map<string, string>();
  return readYamlFolder(folder, 'claims', claimFile).flatMap((file) =>
    Object.entries(book.qualify('claims', file).claims).map(([id, claim]) => {
      const path = ['claims', id, 'check'];
      checkReference(modelIds, file, [...path, 'model'], claim.check.model, folder.faults);
      if (claim.check.kind === 'fit') checkReference(gpus, file, [...path, 'gpu'], claim.check.gpu, folder.faults);
      const model = byId.get(claim.check.model);
      const formats = new Set<string>(model?.checkpoints.map(({ format }) => format));
      if (model && claim.check.format !== undefined) checkReference(formats, file, [...path, 'format'], claim.check.format, folder.faults);
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
