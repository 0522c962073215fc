import type { Command } from 'commander';
import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import { CHARTS, type ChartName, type ChartQuestion } from './chartNames.ts';
import { costQuestion } from './costOptions.ts';
import { deploymentOptions, gpuOption } from './deploymentOptions.ts';
import { contextOptions } from './fitOptions.ts';
import { hostingOptions } from './hostingOptions.ts';
import { profileOptions } from './hybridOptions.ts';
import { EXIT, type Io } from './io.ts';
import { type ScenarioOptions, valueOption } from './options.ts';
import { sizeQuestion } from './sizeOptions.ts';
import { speedQuestion } from './speedOptions.ts';
import { timeOptions } from './timeOptions.ts';

/** The words of `kplan chart NAME` about the picture; the others are those of the question that it shows. */
export interface ChartWords extends ScenarioOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly dark?: boolean;
  readonly phone?: boolean;
  readonly scale?: string;
}

const GPUS = 'GPUs of one replica (default: the smallest measured fleet that fits)';

/** The options of each question, as the command that answers it declares them. */
const QUESTIONS: Readonly<Record<ChartQuestion, (command: Command) => void>> = {
  breakeven: (command) => {
    hostingOptions(command, GPUS);
    timeOptions(command);
  },
  calibration: (command) => {
    command.argument('<file>', 'that `kplan calibrate` wrote');
  },
  cost: costQuestion,
  fit: (command) => {
    contextOptions(gpuOption(command));
    deploymentOptions(command, 'exactly this many GPUs (default: every size up to four nodes)');
    valueOption(command, '--dp <n>', 'whole copies of the model side by side');
  },
  hybrid: (command) => {
    hostingOptions(command, GPUS);
    profileOptions(command);
  },
  reuse: (command) => {
    hostingOptions(command, GPUS);
  },
  size: sizeQuestion,
  speed: (command) => speedQuestion(gpuOption(command)),
};

function pictureOptions(command: Command): void {
  command.optionsGroup('Picture:');
  valueOption(
    command,
    '--out <file>',
    'FILE.svg, FILE.png, FILE.vl.json (Vega-Lite) or FILE.csv (its data); - is stdout (default: SVG there)',
  );
  command.option('--force', 'replace a file that kplan did not write');
  command.option('--dark', 'for dark paper; SVG and PNG').option('--phone', 'as narrow as a phone');
  valueOption(command, '--scale <x>', 'pixels of a PNG for each of the chart (default: 1)');
}

function unnamed(name: string | undefined): Fault {
  const known = Object.keys(CHARTS);
  return new Fault(name === undefined ? 'missing' : 'unknown', name === undefined ? 'no chart is named' : 'no such chart', {
    where: 'chart',
    ...(name === undefined ? {} : { value: name, nearest: nearestNames(name, known) }),
    allowed: known.join(', '),
  });
}

/** Declares `kplan chart` with a command for each chart; its work is loaded when it runs. */
export function declareChart(program: Command, io: Io, done: (code: number) => void): void {
  const chart = program
    .command('chart')
    .description('Draw one chart of any answer: SVG, PNG, Vega-Lite or its data')
    .exitOverride()
    .argument('[name]', 'of the chart; `kplan chart NAME --help` lists what it takes')
    .option('--list', 'the charts and what each shows')
    .action((name: string | undefined, { list }: { readonly list?: boolean }) => {
      if (list !== true || name !== undefined) throw unnamed(name);
      for (const [known, { shows }] of Object.entries(CHARTS)) io.write(`${known.padEnd(14)}${shows}\n`);
      done(EXIT.done);
    });
  for (const [name, { question, shows }] of Object.entries(CHARTS)) {
    const command = chart
      .command(name)
      .description(shows)
      .exitOverride()
      .configureOutput({ writeOut: io.write, writeErr: () => undefined });
    QUESTIONS[question](command);
    pictureOptions(command);
    command.action(async (...given: readonly unknown[]) => {
      const { runChart } = await import('./chartCommand.ts');
      const options = command.opts<ChartWords>();
      done(await runChart(name as ChartName, { ...options, ...(question === 'calibration' ? { calibrationFile: given[0] } : {}) }, io));
    });
  }
}
