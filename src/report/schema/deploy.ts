import { z } from 'zod';
import { amount, count, evidence, judgement, layout, query } from './common.ts';

const word = z
  .union([
    z.string(),
    z.strictObject({ blank: z.literal('leader'), port: count.exactOptional() }),
    z.strictObject({ blank: z.literal('rank') }),
    z.strictObject({ blank: z.literal('rank-times'), factor: count }),
  ])
  .describe('A word, or what only the node knows: the address of the first node, its rank, a multiple of its rank.');

const argument = z.strictObject({ flag: z.string(), value: word.nullable(), why: z.string(), source: z.string() });

const variable = z.strictObject({ name: z.string(), value: z.string(), why: z.string(), source: z.string() });

const command = z.strictObject({
  role: z.enum(['only', 'head', 'worker']),
  text: z.string().describe('For a POSIX shell, quoted.'),
  program: z.array(z.string()),
  arguments: z.array(argument),
});

const client = z.strictObject({
  endpoint: z.enum(['deployment', 'vendor']),
  protocol: z.enum(['openai', 'anthropic']),
  of: z.string(),
  baseUrl: z.string(),
  model: z.string(),
  environment: z.record(z.string(), z.string()),
  keyVariable: z.string().nullable(),
  request: z.record(z.string(), z.number()).describe('Members that every request must have.'),
  timeoutSeconds: count,
  rules: z.array(z.string()),
});

/** The document of `kplan deploy --json`. */
export const deploySchema = z.strictObject({
  schema: z.literal('kplan/deploy@1'),
  query,
  answer: z.string(),
  plan: z.strictObject({
    key: z.string(),
    model: z.string(),
    format: z.string(),
    engine: z.enum(['vllm', 'sglang', 'ktransformers', 'llama.cpp']),
    engineVersion: z.string().nullable(),
    gpu: z.string().nullable(),
    gpus: z.int().min(0).describe('Of one replica.'),
    layout: layout.nullable(),
    contextTokens: count,
    ...judgement,
  }),
  written: z.boolean().describe('Whether anything is written: the plan holds, or it was forced.'),
  forced: z.boolean(),
  constraints: z
    .array(z.strictObject({ code: z.string(), message: z.string(), remedy: z.string().nullable() }))
    .describe('What stands between the plan and its launch.'),
  nodes: count,
  gpusPerNode: z.int().min(0),
  rendezvous: z.enum(['none', 'own', 'data-parallel', 'ray']),
  image: z.string().nullable(),
  environment: z.array(variable),
  commands: z.array(command),
  notes: z.array(z.string()).describe('What the rules of the engine say beside the verdict.'),
  leftOut: z.array(z.string()).describe('What the model asks for and the release lacks.'),
  replicas: count,
  sizing: z.strictObject({
    memoryGiB: amount.nullable(),
    volumeGiB: amount,
    sharedMemoryGiB: amount,
    fetchSeconds: amount,
    loadSeconds: amount,
    startupSeconds: amount,
  }),
  clients: z.array(client),
  calibrate: z.array(z.string()).describe('Command lines that check the deployment against the plan.'),
  files: z.array(z.strictObject({ name: z.string(), content: z.string() })),
  ...evidence,
});

export type DeployAnswer = z.infer<typeof deploySchema>;
