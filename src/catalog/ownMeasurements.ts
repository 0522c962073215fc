import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { Measurement } from '../throughput/measurement.ts';
import { type DataFolder, readCsvFile, throwFaults } from './dataFolder.ts';
import { measurementOf } from './measurements.ts';
import { ownMeasurementRow } from './rows.ts';

/** Where measurements stand in a catalog folder. */
const ROOM = 'measurements';

/**
 * Reads the measurements of a user's own catalog folder, as `kplan import bench` writes them: every CSV file of its `measurements`.
 *
 * @param folder the catalog folder
 * @param catalog models and GPUs that its rows name
 * @returns measurements whose source is `user`
 * @throws {Fault} `missing` for a folder without such files; {AggregateError} of every `Fault` in their rows
 */
export function readOwnMeasurements(folder: string, { models, gpus }: Catalog): Measurement[] {
  const room = join(folder, ROOM);
  const files = existsSync(room) ? readdirSync(room).filter((name) => name.endsWith('.csv')) : [];
  if (files.length === 0)
    throw new Fault('missing', 'no measurements are there', {
      where: '--catalog',
      value: folder,
      allowed: 'a folder that `kplan import bench --catalog` wrote',
    });
  const data: DataFolder = { path: folder, label: folder, faults: [] };
  const rows = files.sort().flatMap((name) => readCsvFile(data, `${ROOM}/${name}`, ownMeasurementRow));
  const measurements = rows.map(({ content, data: { where } }) => {
    const model = models.find(({ id }) => id === content.model);
    if (!model) data.faults.push(new Fault('unknown', 'no such model', { where: where(['model']), value: content.model }));
    if (!gpus.some(({ id }) => id === content.gpu))
      data.faults.push(new Fault('unknown', 'no such GPU', { where: where(['gpu']), value: content.gpu }));
    const { gpus: count, prefill_gpus, tp, pp, attention_dp } = content;
    if (count - prefill_gpus !== tp * pp * attention_dp && prefill_gpus === 0)
      data.faults.push(
        new Fault('contradiction', 'the layout does not use the GPUs', {
          where: where(['gpus']),
          value: count,
          allowed: `tp × pp × attention_dp = ${tp * pp * attention_dp}`,
        }),
      );
    return measurementOf(content, model?.family ?? content.model, 'user');
  });
  throwFaults(data.faults);
  return measurements;
}
