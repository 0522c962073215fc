import type { Command } from 'commander';
import type { Io } from './io.ts';
import { type OutputOptions, outputOptions } from './options.ts';
import type { ScoreThroughputOptions } from './scoreThroughputCommand.ts';

/** Declares `kplan score`; its work is loaded when it runs. */
export function declareScore(program: Command, io: Io, done: (code: number) => void): void {
  const score = program
    .command('score')
    .description('How wrong is kplan on these measurements?')
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined });
  const memory = score
    .command('memory <file>')
    .description('Holds weights, KV memory and verdicts against a CSV file of start-up observations.')
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined });
  outputOptions(memory).action(async (file: string, options: OutputOptions) => {
    const { runScoreMemory } = await import('./scoreCommand.ts');
    done(await runScoreMemory(file, options, io));
  });
  const throughput = score
    .command('throughput <file>')
    .description(
      'Holds TTFT, TPOT and tokens per second against a CSV file of measurements, each of which is hidden from its own prediction.',
    )
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined })
    .option('--seen', 'hide nothing: shipped measurements of the same load points may be used');
  outputOptions(throughput).action(async (file: string, options: ScoreThroughputOptions) => {
    const { runScoreThroughput } = await import('./scoreThroughputCommand.ts');
    done(await runScoreThroughput(file, options, io));
  });
}
