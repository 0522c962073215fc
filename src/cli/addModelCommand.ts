import { importModel, modelYaml } from '../importers/model/index.ts';
import { importEnvironment } from './importEnvironment.ts';
import { EXIT, type Io } from './io.ts';

/** Options of `kplan data add-model`. */
export interface AddModelOptions {
  readonly out?: string;
  readonly force?: boolean;
}

/** Answers `kplan data add-model SOURCE`: the catalog entry of a model, for review, on stdout or in the file of `--out`. */
export async function runAddModel(source: string, { out, force = false }: AddModelOptions, io: Io): Promise<number> {
  const target = out === undefined || out === '-' ? null : { where: '--out', path: out };
  const { checkOutputs, writeOutputs } = await import('../report/output.ts');
  if (target) checkOutputs([target], { force });
  const imported = await importModel(source, importEnvironment(io), 'SOURCE');
  const content = modelYaml(imported);
  if (target) writeOutputs([{ ...target, content }], { force });
  else io.write(content);
  for (const note of imported.notes) io.warn(`kplan: ${note}\n`);
  if (target) io.warn(`kplan: wrote ${target.path}; it belongs into data/models/${imported.model.id}.yaml once it is reviewed\n`);
  return EXIT.done;
}
