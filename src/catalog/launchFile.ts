import { z } from 'zod';
import { KV_CACHE_DTYPES } from '../engine/deployment.ts';
import { alias, checkpointFormat, source, sourceKey, sources, text, version } from './fields.ts';

/** Releases that have it, from one version (inclusive) up to another (exclusive). */
const releases = { since: version.exactOptional(), before: version.exactOptional() };

const kvCacheDtype = z.enum(KV_CACHE_DTYPES);

const vendor = z.enum(['nvidia', 'amd', 'intel', 'google']);

/** The deployments that something is for; what is not named does not matter. */
const when = z.strictObject({
  models: z.array(alias).min(1).exactOptional(),
  formats: z.array(checkpointFormat).min(1).exactOptional(),
  vendors: z.array(vendor).min(1).exactOptional(),
  gfx: z.array(text).min(1).exactOptional(),
  computeCapability: z.strictObject({ from: z.number(), below: z.number() }).exactOptional(),
  kvCacheDtypes: z.array(kvCacheDtype).min(1).exactOptional(),
  expertParallel: z.boolean().exactOptional(),
  dcp: z.boolean().exactOptional(),
  /** Kernels of the attention that the plan counts with. */
  decodeKernels: z.array(text).min(1).exactOptional(),
  graphEstimate: z.boolean().exactOptional(),
  prefill: z.enum(['layerwise', 'hybrid']).exactOptional(),
});

const id = z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'lower-case letters, digits and dashes' });

const flag = z
  .strictObject({
    id,
    flag: z.string().regex(/^--[a-z][a-z0-9-]*$/, { error: 'a flag in full, such as --max-model-len' }),
    form: z.enum(['value', 'switch']),
    /** Values that may be printed; any where none is named. */
    values: z
      .array(z.strictObject({ value: text, ...releases }))
      .min(1)
      .exactOptional(),
    ...releases,
    meaning: text,
    source: sourceKey,
  })
  .refine(({ form, values }) => form === 'value' || values === undefined, { error: 'a switch without values' });

const setting = z.strictObject({ id, value: text.exactOptional(), ...releases, when, why: text, source: sourceKey });

const variable = z.strictObject({
  name: z.string().regex(/^[A-Z][A-Z0-9_]*$/, { error: 'the name of an environment variable' }),
  value: text,
  ...releases,
  when,
  why: text,
  source: sourceKey,
});

/** A file of data/launch: what the command line of an engine has, release by release. */
export const launchFile = z.strictObject({
  name: text,
  port: z.strictObject({ value: z.int().min(1).max(65_535), source: sourceKey }),
  healthPath: z.strictObject({ value: text, source: sourceKey }),
  /** Words that start the server; `model` is the flag before the model, null where the model is a word of its own or has its own flag. */
  commands: z
    .array(
      z.strictObject({
        words: z.array(text).min(1),
        /** The same words in the image, where the program has another path there. */
        inImage: z.array(text).min(1).exactOptional(),
        model: text.nullable(),
        ...releases,
        source: sourceKey,
      }),
    )
    .min(1),
  /** `{version}` stands for the release. */
  images: z.array(
    z.strictObject({
      image: text,
      vendor: z.enum([...vendor.options, 'none']),
      gfx: z.array(text).min(1).exactOptional(),
      ...releases,
      source: sourceKey,
    }),
  ),
  /** The engine's own limit on its start, and the variable that moves it; null where it has none. */
  startLimit: z.strictObject({ seconds: z.int().positive(), variable: text, since: version.exactOptional(), source: sourceKey }).nullable(),
  /** Protocols that the API speaks. */
  protocols: z.array(z.strictObject({ protocol: z.enum(['openai', 'anthropic']), ...releases, source: sourceKey })).min(1),
  /** Script of the image that gathers Ray nodes. */
  rayScripts: z.array(z.strictObject({ path: text, ...releases, source: sourceKey })),
  /** External draft layers by model. */
  drafts: z.array(z.strictObject({ model: alias, repository: text, ...releases, source: sourceKey })),
  flags: z.array(flag).min(1),
  /** Flags that a model or GPU asks for, whatever the plan. */
  settings: z.array(setting),
  variables: z.array(variable),
  sources,
});

/** data/vendor-apis.yaml: the API of a model's maker, as clients are set up for it. */
export const vendorApisFile = z.strictObject({
  apis: z.array(
    z.strictObject({
      models: z.array(alias).min(1),
      name: text,
      model: text,
      /** Where scripts expect the account's key. */
      keyVariable: z.string().regex(/^[A-Z][A-Z0-9_]*$/, { error: 'the name of an environment variable' }),
      openaiUrl: z.url(),
      anthropicUrl: z.url(),
      /** Of one answer, thinking included. */
      maxTokens: z.int().positive(),
      timeoutSeconds: z.int().positive(),
      source: sourceKey,
    }),
  ),
  sources,
});

const launchId = z.enum(['vllm', 'sglang', 'ktransformers', 'llama.cpp']);

/** What data/launch becomes: facts by engine, and their sources. */
export const launchFactsSchema = z.strictObject({
  schema: z.literal('kplan/launch@1'),
  engines: z.record(launchId, launchFile.omit({ sources: true })),
  apis: vendorApisFile.shape.apis,
  sources: z.record(text, source),
});

export type LaunchFacts = z.infer<typeof launchFactsSchema>;
export type LaunchId = z.infer<typeof launchId>;
export type EngineLaunch = LaunchFacts['engines'][LaunchId];
export type FlagFact = z.infer<typeof flag>;
export type When = z.infer<typeof when>;
