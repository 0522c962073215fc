import type { Command } from 'commander';
import type { ImportBenchOptions } from './importBenchCommand.ts';
import { declareImportOffers } from './importOffersOptions.ts';
import { declareImportPrices } from './importPricesOptions.ts';
import { declareImportWorkload } from './importWorkloadOptions.ts';
import type { Io } from './io.ts';
import { outputOptions, valueOption } from './options.ts';

/** Options with a value of `kplan import bench`, by group. */
const VALUES: readonly [group: string, options: readonly (readonly [flags: string, description: string])[]][] = [
  [
    'What was measured, where the file does not say it:',
    [
      ['--model <name>', 'model, as in `kplan data models`, or its repository'],
      ['--format <format>', 'checkpoint format (default: as the file says, else that of the model)'],
      ['--gpu <name>', 'GPU type, as in `kplan data gpus`'],
      ['--gpus <n>', 'GPUs of the whole deployment, those for prefill included'],
      ['--engine <engine>', 'vllm, sglang, trt …'],
      ['--engine-version <version>', 'its release'],
      ['--kv-cache-dtype <dtype>', 'bf16, fp8 or fp8_ds_mla'],
      ['--speculation <kind>', 'none, mtp, eagle3 …'],
      ['--date <day>', 'day of the run, YYYY-MM-DD'],
    ],
  ],
  [
    'How it was spread (default: TP over all GPUs):',
    [
      ['--tp <n>', 'tensor-parallel ways'],
      ['--pp <n>', 'pipeline stages'],
      ['--ep <n>', 'ranks over which experts are spread'],
      ['--attention-dp <n>', 'groups of attention data parallelism'],
      ['--dcp <n>', 'ranks that share the KV cache'],
      ['--prefill-gpus <n>', 'GPUs that only prefill; the ways are those of the others'],
    ],
  ],
  [
    'The load, where the file does not say it:',
    [
      ['--isl <tokens>', 'mean input tokens per request'],
      ['--osl <tokens>', 'mean output tokens per request'],
      ['--concurrency <n>', 'limit on requests in flight'],
      ['--reuse <share>', 'share of input tokens found in the KV cache, 0 to 1'],
    ],
  ],
];

/** Declares `kplan import`; its work is loaded when it runs. */
export function declareImport(program: Command, io: Io, done: (code: number) => void): void {
  const importing = program
    .command('import')
    .description('Turns files of other tools into facts of a catalog folder of your own.')
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined });
  const bench = importing
    .command('bench <file...>')
    .description(
      'Appends result files of vllm bench serve, SGLang bench_serving, GuideLLM, AIPerf, genai-perf and InferenceX to measurements/bench.csv.',
    )
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined });
  valueOption(bench, '--catalog <folder>', 'catalog folder (default: kplan-catalog)');
  for (const [group, options] of VALUES) {
    bench.optionsGroup(group);
    for (const [flags, description] of options) valueOption(bench, flags, description);
  }
  outputOptions(bench).action(async (files: string[], options: ImportBenchOptions) => {
    const { runImportBench } = await import('./importBenchCommand.ts');
    done(await runImportBench(files, options, io));
  });
  declareImportPrices(importing, io, done);
  declareImportOffers(importing, io, done);
  declareImportWorkload(importing, io, done);
}
