import type { Command } from 'commander';
import type { AddModelOptions } from './addModelCommand.ts';
import { declareDataCheck } from './dataCheckOptions.ts';
import { declareDataDiff } from './dataDiffOptions.ts';
import type { Io } from './io.ts';
import { type OutputOptions, outputOptions, valueOption } from './options.ts';

const KINDS: readonly [kind: string, description: string][] = [
  ['gpus', 'GPU profiles'],
  ['models', 'models and their checkpoints'],
  ['workloads', 'workload presets'],
  ['tariffs', 'API prices'],
  ['offers', 'prices of instances'],
  ['servers', 'machines that can be bought'],
  ['ownership', 'sets of what owning them costs'],
  ['accounts', 'what one account of a provider may use'],
  ['trends', 'how prices changed, per year'],
  ['depreciation', 'what taxes let deduct of a machine, by year'],
  ['constraints', 'what decides beside money'],
  ['claims', 'what others published, recomputed'],
];

/** Declares `kplan data`; its work is loaded when it runs. */
export function declareData(program: Command, io: Io, done: (code: number) => void): void {
  const data = program
    .command('data')
    .description('The facts that answers are made of.')
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined });
  for (const [kind, description] of KINDS) {
    const command = data
      .command(kind)
      .description(description)
      .exitOverride()
      .configureOutput({ writeOut: io.write, writeErr: () => undefined });
    outputOptions(command).action(async (options: OutputOptions) => {
      const { runData } = await import('./dataCommand.ts');
      done(await runData(kind, options, io));
    });
  }
  declareDataDiff(data, io, done);
  declareDataCheck(data, io, done);
  const addModel = data
    .command('add-model <source>')
    .description('Writes the catalog entry of a model, for review: from a config.json, hf:owner/name, weights, or a GGUF file.')
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined });
  valueOption(addModel, '--out <file>', 'write the entry to a file, whole or not at all; - is stdout')
    .option('--force', 'replace a file that is there')
    .action(async (source: string, options: AddModelOptions) => {
      const { runAddModel } = await import('./addModelCommand.ts');
      done(await runAddModel(source, options, io));
    });
}
