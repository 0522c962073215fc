import type { Command } from 'commander';
import { type DeploymentWords, deploymentOptions, gpuOption } from './deploymentOptions.ts';
import type { Io } from './io.ts';
import { type AnswerOptions, answerOptions, catalogOption, valueOption } from './options.ts';

/** The words of `kplan breakeven` as commander hands them over. */
export interface BreakEvenOptions extends Omit<DeploymentWords, 'dp'>, AnswerOptions {
  readonly ctx?: string;
  readonly workload?: string;
  readonly inputTokens?: string;
  readonly outputTokens?: string;
  readonly reuse?: string;
  readonly tokensPerMonth?: string;
  readonly tokensPerSecond?: string;
  readonly maxTpot?: string;
  readonly offer?: string;
  readonly tariff?: string;
  readonly hoursPerMonth?: string;
  readonly maxLoad?: string;
  readonly asOf?: string;
  readonly catalog?: string;
  readonly chart?: string;
}

/** Declares `kplan breakeven`; its work is loaded when it runs. */
export function declareBreakEven(program: Command, io: Io, done: (code: number) => void): void {
  const command = program.command('breakeven').description('When is self-hosting cheaper than the API?');
  gpuOption(command);
  valueOption(command, '--workload <name>', 'workload preset, see `kplan data workloads`');
  valueOption(command, '--input-tokens <n>', 'input tokens per request, reused or not');
  valueOption(command, '--output-tokens <n>', 'output tokens per request');
  valueOption(command, '--reuse <share>', 'share of input tokens found in the KV cache, 0 to 1');
  valueOption(command, '--tokens-per-month <n>', 'price both sides at this volume: input, reused or not, plus output');
  valueOption(command, '--tokens-per-second <n>', 'tokens per second that one replica processes, instead of measurements');
  valueOption(command, '--max-tpot <ms>', 'milliseconds between two tokens of a sequence that replicas may take at most');
  valueOption(command, '--offer <id>', 'price of the instances, see `kplan data offers` (default: median on demand, last 90 days)');
  valueOption(command, '--tariff <ids>', 'API prices to compare with, see `kplan data tariffs` (default: list price and cheapest host)');
  valueOption(command, '--hours-per-month <n>', 'hours that instances are paid for (default: 730)');
  valueOption(command, '--max-load <share>', 'share of the capacity that is planned to be used (default: 1)');
  valueOption(command, '--ctx <tokens>', 'context of which one sequence must fit (default: from the workload)');
  valueOption(command, '--as-of <date>', 'use facts up to this day (YYYY-MM-DD)');
  catalogOption(command);
  deploymentOptions(command, 'GPUs of one replica (default: the smallest measured fleet that fits)');
  answerOptions(command);
  valueOption(command, '--chart <file>', 'draw both sides over volume: FILE.svg or FILE.vl.json');
  command.action(async (options: BreakEvenOptions) => {
    const { runBreakEven } = await import('./breakEvenCommand.ts');
    done(await runBreakEven(options, io));
  });
}
