import type { Command } from 'commander';
import { type DeploymentWords, deploymentOptions, gpuOption } from './deploymentOptions.ts';
import type { Io } from './io.ts';
import { catalogOption, type OutputOptions, outputOptions, valueOption } from './options.ts';

/** The words of `kplan speed` as commander hands them over. */
export interface SpeedOptions extends Omit<DeploymentWords, 'dp'>, OutputOptions {
  readonly workload?: string;
  readonly inputTokens?: string;
  readonly isl?: string;
  readonly outputTokens?: string;
  readonly osl?: string;
  readonly reuse?: string;
  readonly concurrency?: string;
  readonly maxTpot?: string;
  readonly rank?: boolean;
  readonly ctx?: string;
  readonly asOf?: string;
  readonly catalog?: string;
  readonly chart?: string;
  readonly fail?: boolean;
}

/** Declares the question of `kplan speed`, without its GPUs. */
export function speedQuestion(command: Command): void {
  valueOption(command, '--isl <n>', 'input tokens per request, reused or not');
  valueOption(command, '--input-tokens <n>', 'the same as --isl');
  valueOption(command, '--osl <n>', 'output tokens per request');
  valueOption(command, '--output-tokens <n>', 'the same as --osl');
  valueOption(
    command,
    '--workload <name>',
    'workload preset instead of both, see `kplan data workloads`, or FILE.json of `kplan import workload`',
  );
  valueOption(command, '--reuse <share>', 'share of input tokens found in the KV cache, 0 to 1');
  valueOption(command, '--concurrency <n>', 'requests in flight at one replica: 64, or a range 1..256 (default: up to its limit)');
  valueOption(command, '--max-tpot <ms>', 'milliseconds between two tokens of a sequence that replicas may take at most');
  valueOption(command, '--ctx <tokens>', 'context of which one sequence must fit (default: from the request)');
  valueOption(command, '--as-of <date>', 'use facts up to this day (YYYY-MM-DD)');
  catalogOption(command);
  deploymentOptions(command, 'GPUs of one replica (default: the smallest measured fleet that fits)');
}

/** Declares `kplan speed`; its work is loaded when it runs. */
export function declareSpeed(program: Command, io: Io, done: (code: number) => void): void {
  const command = program.command('speed').description('How fast is it: TTFT, TPOT and tokens per second against concurrency?');
  gpuOption(command).option('--rank', 'rank GPU types and layouts, cheapest first (default: all types)');
  speedQuestion(command);
  outputOptions(command).option('--fail', 'exit with 3 where no replica has a speed that keeps --max-tpot');
  valueOption(command, '--chart <file>', 'draw speed over concurrency: FILE.svg, FILE.png or FILE.vl.json');
  command.action(async (options: SpeedOptions) => {
    const { runSpeed } = await import('./speedCommand.ts');
    done(await runSpeed(options, io));
  });
}
