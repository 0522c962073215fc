import { Fault } from '../../faults/fault.ts';
import { nearestNames } from '../../faults/nearest.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import type { Model } from '../../model/model.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { findCheckpoint } from '../../plan/lookup.ts';
import { agreed } from './agreed.ts';
import { type BenchFlags, isName } from './benchFlags.ts';
import type { BenchRun } from './benchRun.ts';
import { formatsOf, gpuNamed, modelNamed, type NamedModel } from './statedNames.ts';

/** What was measured, in the words of the catalog. */
export interface BenchIdentity {
  readonly model: string;
  readonly format: string;
  readonly gpu: string;
  /** Empty where it is unknown. */
  readonly kvCacheDtype: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly speculation: string;
  readonly reuse: number;
  /** What neither file nor options say. */
  readonly assumed: readonly string[];
}

/** How far a share of reuse may be from another that means the same. */
const SAME_REUSE = 0.02;

/** A name as a fault may show it: the file's own only where it is plainly one. */
function nameShown(text: string | null): string | undefined {
  return text !== null && /^[\w./:@+-]{1,120}$/.test(text) ? text : undefined;
}

function modelOf({ stated, where }: BenchRun, flags: BenchFlags, catalog: Catalog): NamedModel {
  const named = stated.model === null ? undefined : modelNamed(catalog, stated.model);
  const model = agreed(flags.model, named?.model ?? null, { flag: '--model', where, words: ({ id }: Model) => id });
  if (model) return { model, format: named?.format ?? null };
  throw new Fault(stated.model === null ? 'missing' : 'unknown', 'the catalog does not say which model it is', {
    where: `${where}: --model`,
    ...(nameShown(stated.model) === undefined ? {} : { value: nameShown(stated.model) }),
    allowed: 'a name that `kplan data models` prints',
    nearest: nearestNames(
      nameShown(stated.model)?.split('/').at(-1) ?? '',
      catalog.models.map(({ id }) => id),
    ),
  });
}

function gpuOf({ stated, where }: BenchRun, flags: BenchFlags, catalog: Catalog): Gpu {
  const named = stated.gpu === null ? undefined : gpuNamed(catalog, stated.gpu);
  const gpu = agreed(flags.gpu, named ?? null, { flag: '--gpu', where, words: ({ id }: Gpu) => id });
  if (gpu) return gpu;
  throw new Fault(stated.gpu === null ? 'missing' : 'unknown', 'no GPU of the catalog', {
    where: `${where}: --gpu`,
    ...(nameShown(stated.gpu) === undefined ? {} : { value: nameShown(stated.gpu) }),
    allowed: 'a name that `kplan data gpus` prints',
  });
}

/** The checkpoint format: that of the stated precision, else that of the stated repository, else the model's own. */
function formatOf({ stated, where }: BenchRun, { model, format }: NamedModel, gpu: Gpu, flags: BenchFlags): string {
  const { precision } = stated;
  const asked = flags.format === null ? null : findCheckpoint(model, flags.format).format;
  if (precision === null) return agreed(asked, format, { flag: '--format', where }) ?? findCheckpoint(model).format;
  const candidates = formatsOf(model, precision);
  if (asked !== null) return agreed(asked, precision, { flag: '--format', where, same: () => candidates.includes(asked) }) ?? asked;
  const own = candidates.find((one) => one === (gpu.vendor === 'amd' ? 'mxfp4' : 'nvfp4')) ?? candidates[0];
  if (own !== undefined) return own;
  throw new Fault('unknown', `no checkpoint of ${model.name} in this precision is known`, {
    where: `${where}: precision`,
    ...(nameShown(precision) === undefined ? {} : { value: precision }),
    allowed: model.checkpoints.map((checkpoint) => checkpoint.format).join(', '),
  });
}

const KV_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^fp8_ds_mla$/, 'fp8_ds_mla'],
  [/^(?:fp8|float8)/, 'fp8'],
  [/^(?:bf16|bfloat16|fp16|float16|half)$/, 'bf16'],
];

function kvCacheDtypeOf({ stated, where }: BenchRun, flags: BenchFlags): string {
  const word = stated.kvCacheDtype?.toLowerCase() ?? '';
  const found = KV_WORDS.find(([pattern]) => pattern.test(word))?.[1] ?? null;
  return agreed<string>(flags.kvCacheDtype, found, { flag: '--kv-cache-dtype', where }) ?? '';
}

/** The numbers of a release, so that `v0.15.1` and `0.15.1-cu129` are one. */
function release(version: string): string {
  return /\d+\.\d+(?:\.\d+)?(?:[.-]?(?:post|rc)\d+)*/.exec(version)?.[0] ?? version;
}

function nameOf(text: string | null): string | null {
  return text !== null && isName(text) ? text : null;
}

function speculationOf({ stated, where }: BenchRun, flags: BenchFlags): string | null {
  const kind = stated.speculation === null ? null : stated.speculation === true ? 'unknown' : (nameOf(stated.speculation) ?? 'unknown');
  return agreed(flags.speculation, kind, {
    flag: '--speculation',
    where,
    same: (asked, said) => (said === 'unknown' ? asked !== 'none' : asked === said || (said !== 'none' && asked.startsWith(said))),
    words: (said) => (said === 'unknown' ? 'that it speculated' : said),
  });
}

/**
 * What was measured: the file's word, the option's, or an assumption that is told.
 *
 * @throws Fault `contradiction` where file and option differ, `missing` or `unknown` where neither settles the model or the GPU
 */
export function benchIdentity(run: BenchRun, flags: BenchFlags, catalog: Catalog): BenchIdentity {
  const { stated, where } = run;
  const named = modelOf(run, flags, catalog);
  const gpu = gpuOf(run, flags, catalog);
  const engine = agreed(flags.engine, nameOf(stated.engine), { flag: '--engine', where });
  const engineVersion = agreed(flags.engineVersion, nameOf(stated.engineVersion), {
    flag: '--engine-version',
    where,
    same: (asked, said) => release(asked) === release(said),
  });
  const speculation = speculationOf(run, flags);
  const reuse = agreed(flags.reuse, stated.reuse, { flag: '--reuse', where, same: (a, b) => Math.abs(a - b) <= SAME_REUSE });
  const assumptions: readonly [applies: boolean, words: string][] = [
    [engine === null, 'engine unknown: say it with --engine'],
    [engineVersion === null, 'engine version unknown: say it with --engine-version'],
    [speculation === null, 'no speculation, as far as file and options say'],
    [speculation === 'unknown', 'speculation of an unknown kind: say it with --speculation'],
    [reuse === null, 'no prefix reuse, as far as file and options say'],
  ];
  return {
    model: named.model.id,
    format: formatOf(run, named, gpu, flags),
    gpu: gpu.id,
    kvCacheDtype: kvCacheDtypeOf(run, flags),
    engine: engine ?? 'unknown',
    engineVersion: engineVersion ?? 'unknown',
    speculation: speculation ?? 'none',
    reuse: reuse ?? 0,
    assumed: assumptions.flatMap(([applies, words]) => (applies ? [words] : [])),
  };
}
