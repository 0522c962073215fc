import type { Command } from 'commander';
import { type DeploymentWords, deploymentOptions, gpuOption } from './deploymentOptions.ts';
import type { Io } from './io.ts';
import { type OffloadWords, offloadOptions } from './offloadOptions.ts';
import { type OutputOptions, valueOption } from './options.ts';

/** The words of `kplan deploy` as commander hands them over. */
export interface DeployWords extends DeploymentWords, OffloadWords, OutputOptions {
  readonly ctx?: string;
  readonly sequences?: string;
  readonly plan?: string;
  readonly row?: string;
  readonly size?: string;
  readonly acceptMarginal?: boolean;
  readonly emit?: string;
  readonly modelPath?: string;
  readonly servedName?: string;
  readonly host?: string;
  readonly port?: string;
  readonly image?: string;
  readonly draftModel?: string;
  readonly ray?: boolean;
  readonly cores?: string;
  readonly numaNodes?: string;
  readonly name?: string;
  readonly url?: string;
  readonly replicas?: string;
  readonly leastReplicas?: string;
  readonly loadRate?: string;
}

type Flags = readonly (readonly [flags: string, description: string])[];

const PLAN: Flags = [
  ['--plan <file>', 'answer of `kplan fit --json`, instead of options'],
  ['--row <key>', 'which of several results: a key such as h200-sxm/8/tp8 (default: the one that the answer puts first)'],
  ['--ctx <tokens>', 'context of one sequence: 128k, 131072 (default: the longest)'],
  ['--sequences <n>', 'sequences of that context that must fit at once (default: 1)'],
];

const LAUNCH: Flags = [
  ['--model-path <path>', 'folder or file of the model where it runs (default: its repository)'],
  ['--served-name <name>', 'name by which the API knows the model (default: its name in the catalog)'],
  ['--host <address>', 'that the server listens on (default: 0.0.0.0)'],
  ['--port <n>', 'of the API (default: by engine)'],
  ['--image <image>', 'container image of exactly this release (default: the published one)'],
  ['--draft-model <repository>', 'external draft layer (default: the published one)'],
  ['--cores <n>', 'ktransformers: cores that compute experts'],
  ['--numa-nodes <n>', 'ktransformers: NUMA nodes of the host'],
];

const FLEET: Flags = [
  ['--name <name>', 'of the service in Kubernetes and Compose (default: by model)'],
  ['--url <url>', 'at which clients reach it (default: http://localhost:PORT)'],
  ['--replicas <n>', 'replicas (default: 1)'],
  ['--least-replicas <n>', 'replicas that must go on while nodes are drained (default: all but one)'],
  ['--size <file>', 'answer of `kplan size --json`, whose cheapest fleet says both and the load rate'],
  ['--load-rate <GB/s>', 'at which a node reads the checkpoint (default: 0.5, the slow end of what plans assume)'],
];

function group(command: Command, title: string, flags: Flags): void {
  command.optionsGroup(title);
  for (const [flag, description] of flags) valueOption(command, flag, description);
}

/** Declares `kplan deploy`; its work is loaded when it runs. */
export function declareDeploy(program: Command, io: Io, done: (code: number) => void): void {
  const command = program.command('deploy').description('Which commands and manifests run the plan, and why each flag?');
  gpuOption(command);
  group(command, 'Plan:', PLAN);
  command.option('--accept-marginal', 'write also what fits only perhaps');
  group(command, 'Launch:', LAUNCH);
  command.option('--ray', 'vllm: gather several nodes with Ray also where the release does not need it');
  group(command, 'Fleet:', FLEET);
  deploymentOptions(command, 'exactly this many GPUs (default: the smallest fleet that fits)');
  valueOption(command, '--dp <n>', 'whole copies of the model side by side, each a replica');
  offloadOptions(command);
  command
    .optionsGroup('Output:')
    .option('--json', 'one JSON document on stdout, also for errors')
    .option('--csv', 'flags and variables as CSV')
    .option('--markdown', 'the answer as Markdown');
  valueOption(command, '--emit <form>', 'one file on stdout instead: command, compose, kubernetes or clients');
  valueOption(command, '--out <folder>', 'write launch.sh, compose.yaml, kubernetes.yaml and clients.sh into a folder, all or none');
  command.option('--force', 'write also what does not hold, with that at the top of every file');
  command.action(async (options: DeployWords) => {
    const { runDeploy } = await import('./deployCommand.ts');
    done(await runDeploy(options, io));
  });
}
