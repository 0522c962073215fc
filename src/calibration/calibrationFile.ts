import { closeSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';
import { checked } from '../catalog/check.ts';
import { alias, isoDay } from '../catalog/fields.ts';
import { type PlacedValue, parseYaml } from '../catalog/yamlFile.ts';
import { Fault } from '../faults/fault.ts';
import type { Calibration } from './calibration.ts';
import type { EndpointCalibration } from './endpointCalibration.ts';
import { endpointSchema } from './endpointSchema.ts';

/** No calibration comes near; a larger file is none. */
const LARGEST_FILE = 2 ** 21;

const text = z.string().min(1).max(400);
const ways = z.int().min(1).max(4096);
/** Bytes of one GPU; no board has so much. */
const MOST_BYTES = 1000 * 2 ** 30;
const bytes = z.number().max(MOST_BYTES);

const figures = z.strictObject({
  weightBytesPerGpu: bytes.positive().nullable(),
  overheadBytesPerGpu: bytes.min(0).nullable(),
  kvBytesPerToken: bytes.min(0).nullable(),
});

/** Settings that are a share of the GPU's memory. */
const FRACTIONS = ['utilization', 'staticFraction'];

const settings = z
  .record(z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, { error: 'a name of letters and digits' }), z.union([text, z.number(), z.boolean()]))
  .superRefine((found, context) => {
    for (const name of FRACTIONS) {
      const value = found[name];
      if (value === undefined || (typeof value === 'number' && value > 0 && value <= 1)) continue;
      context.addIssue({ code: 'custom', path: [name], message: 'a number above 0 and at most 1' });
    }
  });

/** The file format of a calibration by a start-up log. */
export const calibrationSchema = z.strictObject({
  schema: z.literal('kplan/calibration@1'),
  name: text,
  date: isoDay,
  source: z.strictObject({ file: text, sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: '64 hexadecimal digits' }) }),
  engine: alias,
  engineVersion: text,
  engineVersionAssumed: z.literal(true).exactOptional().describe('The log prints no release: the version is only a default.'),
  model: alias,
  format: text,
  gpu: alias,
  layout: z.strictObject({ tp: ways, pp: ways, dp: ways, ep: ways, dcp: ways, attentionDp: ways }),
  settings,
  measured: figures.describe('As the log shows it, of one GPU.'),
  predicted: figures.describe('As kplan said for the same deployment when the calibration was made.'),
});

/**
 * The text of a calibration file.
 *
 * @throws Fault `invalid` for a field that no file may hold
 */
export function calibrationText(calibration: Calibration | EndpointCalibration): string {
  const schema = calibration.schema === ENDPOINT ? endpointSchema : calibrationSchema;
  const { data, error } = schema.safeParse(calibration);
  if (data) return `${JSON.stringify(data, null, 2)}\n`;
  const [issue] = error.issues;
  const field = issue?.path.join('.') ?? 'it';
  throw new Fault('invalid', `nothing can be calibrated: ${field} is not plausible`, {
    where: calibration.source.file,
    allowed: issue?.message ?? '',
  });
}

const ENDPOINT: EndpointCalibration['schema'] = 'kplan/calibration@2';

const SCHEMAS: readonly unknown[] = ['kplan/calibration@1', ENDPOINT];

function schemaOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
}

/** @throws Fault where a file names neither schema */
function checkSchema({ value, where }: PlacedValue): void {
  const schema = schemaOf(value);
  if (SCHEMAS.includes(schema)) return;
  const allowed = SCHEMAS.join(' or ');
  if (schema === undefined) throw new Fault('missing', 'schema: it is missing', { where: where([]), allowed });
  throw new Fault('invalid', 'schema: it cannot be used', { where: where(['schema']), value: schema, allowed });
}

/**
 * Reads the text of a calibration file, of a start-up log or of an endpoint.
 *
 * @param where the file, for messages
 * @throws Fault at `file:line:column` with the field, the value seen and what is allowed
 */
export function parseCalibration(content: string, where: string): Calibration | EndpointCalibration {
  const faults: Fault[] = [];
  const placed = parsed(content, where);
  checkSchema(placed);
  const calibration =
    schemaOf(placed.value) === ENDPOINT ? checked(endpointSchema, placed, faults) : checked(calibrationSchema, placed, faults);
  if (calibration) return calibration;
  throw faults[0] ?? new Fault('invalid', 'it is no calibration', { where });
}

const WRITTEN = 'JSON, as `kplan calibrate` and `kplan reconcile LOG --save FILE` write it';

/** JSON is read as YAML, which tells places. */
function parsed(content: string, where: string): PlacedValue {
  try {
    return parseYaml(where, content);
  } catch (error) {
    const [first] = error instanceof AggregateError ? error.errors : [error];
    throw first instanceof Fault ? new Fault(first.code, first.reason, { ...first.details, allowed: WRITTEN }) : first;
  }
}

/**
 * Reads a calibration file.
 *
 * @throws Fault `missing` where there is none, `invalid` where it is no calibration
 */
export function readCalibration(path: string): Calibration | EndpointCalibration {
  return parseCalibration(contentOf(path), path);
}

function contentOf(path: string): string {
  const buffer = Buffer.alloc(LARGEST_FILE + 1);
  let length: number;
  try {
    const file = openSync(path, 'r');
    try {
      length = readSync(file, buffer);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown cause';
    throw new Fault(code === 'ENOENT' ? 'missing' : 'invalid', `the calibration cannot be read (${code})`, {
      where: path,
      allowed: 'a file that `kplan calibrate` or `kplan reconcile LOG --save FILE` wrote',
    });
  }
  if (length > LARGEST_FILE)
    throw new Fault('invalid', 'too large to be a calibration', { where: path, allowed: `at most ${LARGEST_FILE} bytes` });
  return buffer.toString('utf8', 0, length);
}
