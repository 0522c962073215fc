import type { Command } from 'commander';
import { type DeploymentWords, deploymentOptions, gpuOption } from './deploymentOptions.ts';
import type { Io } from './io.ts';
import { type OutputOptions, outputOptions, valueOption } from './options.ts';

/** The words of `kplan calibrate` as commander hands them over. */
export interface CalibrateOptions extends DeploymentWords, OutputOptions {
  readonly serves?: string;
  readonly protocol?: string;
  readonly keyEnv?: string;
  readonly keyFile?: string;
  readonly tariff?: string;
  readonly maxUsd?: string;
  readonly maxRequests?: string;
  readonly maxDuration?: string;
  readonly maxErrorRate?: string;
  readonly maxConcurrency?: string;
  readonly shapes?: string;
  readonly open?: string;
  readonly seed?: string;
  readonly save?: string;
  readonly records?: string;
  readonly resume?: boolean;
  readonly emit?: string;
  readonly yes?: boolean;
  readonly debug?: boolean;
}

type Flags = readonly (readonly [flags: string, description: string])[];

const ENDPOINT: Flags = [
  ['--serves <name>', 'model as the endpoint calls it (default: the only one that it offers)'],
  ['--protocol <name>', 'openai, completions or anthropic (default: openai)'],
  ['--key-env <name>', 'environment variable that holds the key (default: KPLAN_KEY where it is set)'],
  ['--key-file <file>', 'file that holds the key'],
];

const LADDER: Flags = [
  ['--max-concurrency <n>', 'highest number of requests in flight; doubled up to it (default: 64)'],
  ['--shapes <list>', 'input x output, with @share for a shared beginning, or agentic: 1024x256,1024x256@0.75,8192x512 (the default)'],
  [
    '--open <share>',
    'share of the rate found at which requests come on their own, after few in flight and last; 0 for none (default: 0.7)',
  ],
  ['--seed <n>', 'of prompts and arrivals (default: by the time, so that no prompt is found again)'],
];

const LIMITS: Flags = [
  ['--max-usd <usd>', 'dollars that may be spent; a request is sent only if its worst case still fits'],
  ['--tariff <id>', 'price of the endpoint, see `kplan data tariffs`'],
  ['--max-requests <n>', 'requests that may be sent (default: those of the ladder)'],
  ['--max-duration <time>', 'after which no request is sent, such as 5min (default: 5min)'],
  ['--max-error-rate <share>', 'of the last 30 requests, beyond which it ends (default: 0.2)'],
];

const FILES: Flags = [
  ['--save <file>', 'the calibration (default: calibration.json)'],
  ['--records <file>', 'a line for each request, written as it ends (default: beside the calibration, .jsonl)'],
];

function group(command: Command, title: string, flags: Flags): void {
  command.optionsGroup(title);
  for (const [flag, description] of flags) valueOption(command, flag, description);
}

/** The words of `kplan calibrate report`. */
export interface CalibrateReportOptions extends OutputOptions {
  readonly chart?: string;
}

function declareReport(calibrate: Command, io: Io, done: (code: number) => void): void {
  const command = calibrate
    .command('report')
    .description('What does a calibration say: points, fit, and what it foretells of points left out?')
    .argument('<file>', 'that `kplan calibrate` wrote');
  valueOption(command, '--chart <file>', 'draw what was measured and what the model says: FILE.svg, FILE.png or FILE.vl.json');
  outputOptions(command);
  // Options that calibrate has, too, such as --json, are handed to it.
  command.action(async (file: string) => {
    const { runCalibrateReport } = await import('./calibrateReportCommand.ts');
    done(await runCalibrateReport(file, command.optsWithGlobals<CalibrateReportOptions>(), io));
  });
}

/** Declares `kplan calibrate`; its work is loaded when it runs. */
export function declareCalibrate(program: Command, io: Io, done: (code: number) => void): void {
  const command = program
    .command('calibrate')
    .description('Measure a live endpoint: how fast is it, and how wrong was kplan?')
    .argument('<url>', 'address of the endpoint, with or without /v1');
  group(command, 'Endpoint:', ENDPOINT);
  group(command, 'Ladder:', LADDER);
  group(command, 'Limits:', LIMITS);
  group(command, 'Files:', FILES);
  valueOption(
    command,
    '--emit <tool>',
    'do not measure, but write the ladder for a load generator: vllm-bench, sglang-bench, guidellm, aiperf or k8s-job',
  );
  command.option('--resume', 'go on with the records of a run that ended early');
  command.option('--yes', 'do not ask before the first request');
  command.option('--debug', 'say on stderr what is sent and read, without keys');
  command.optionsGroup('What runs there, for the fit:');
  gpuOption(command);
  deploymentOptions(command, 'GPUs of one replica');
  outputOptions(command);
  command.action(async (url: string, options: CalibrateOptions) => {
    const { runCalibrate } = await import('./calibrateCommand.ts');
    done(await runCalibrate(url, options, io));
  });
  declareReport(command, io, done);
}
