import type { Command } from 'commander';
import type { Io } from './io.ts';
import { type OutputOptions, outputOptions } from './options.ts';

const KINDS: readonly [kind: string, description: string][] = [
  ['gpus', 'GPU profiles'],
  ['models', 'models and their checkpoints'],
  ['workloads', 'workload presets'],
  ['tariffs', 'API prices'],
  ['offers', 'prices of instances'],
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
}
