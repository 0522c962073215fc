import { Command, CommanderError } from 'commander';
import { declareAdvise } from './adviseOptions.ts';
import { declareBreakEven } from './breakEvenOptions.ts';
import { declareCalibrate } from './calibrateOptions.ts';
import { declareChart } from './chartOptions.ts';
import { declareCost } from './costOptions.ts';
import { declareData } from './dataOptions.ts';
import { declareDeploy } from './deployOptions.ts';
import { declareDiff } from './diffOptions.ts';
import { declareExplain } from './explainOptions.ts';
import { reportFailure } from './failure.ts';
import { declareFit } from './fitOptions.ts';
import { declareHybrid } from './hybridOptions.ts';
import { declareImport } from './importOptions.ts';
import { declareInit } from './initOptions.ts';
import { EXIT, type Io } from './io.ts';
import { declareReconcile } from './reconcileOptions.ts';
import { declareReport } from './reportOptions.ts';
import { declareReuse } from './reuseOptions.ts';
import { placedFault, takeScenario, type WordPlaces } from './scenarioWords.ts';
import { declareScore } from './scoreOptions.ts';
import { declareSize } from './sizeOptions.ts';
import { declareSpeed } from './speedOptions.ts';
import { VERSION } from './version.ts';
import { declareWorkload } from './workloadSqlOptions.ts';

function build(io: Io, done: (code: number) => void, placed: (places: WordPlaces) => void): Command {
  const program = new Command('kplan')
    .description('Should we serve this model ourselves, on what, for how much, and how sure are we?')
    .version(VERSION)
    .showHelpAfterError(false)
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 internal error, 2 bad input, 3 negative verdict under --fail, nothing written by deploy, a condition of diff, a page that differs, 4 server out of reach, 5 partial result.',
    );
  program.hook('preAction', async (_, command) => {
    placed(await takeScenario(command));
  });
  declareFit(program, io, done);
  declareSpeed(program, io, done);
  declareSize(program, io, done);
  declareCost(program, io, done);
  declareBreakEven(program, io, done);
  declareHybrid(program, io, done);
  declareAdvise(program, io, done);
  declareReuse(program, io, done);
  declareReport(program, io, done);
  declareDiff(program, io, done);
  declareChart(program, io, done);
  declareDeploy(program, io, done);
  declareExplain(program, io, done);
  declareCalibrate(program, io, done);
  declareReconcile(program, io, done);
  declareScore(program, io, done);
  declareInit(program, io, done);
  declareImport(program, io, done);
  declareWorkload(program, io, done);
  declareData(program, io, done);
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .configureOutput({ writeOut: io.write, writeErr: () => undefined })
      .configureHelp({ helpWidth: Math.min(io.width, 110) });
  }
  return program;
}

/** The command that the first words name, down to the innermost. */
function asked(command: Command, [word, ...rest]: readonly string[]): Command {
  const inner = command.commands.find((sub) => sub.name() === word);
  return inner ? asked(inner, rest) : command;
}

/** Options and commands that a misspelt word may have meant. */
function knownNames(command: Command): string[] {
  return [...command.options.flatMap(({ long }) => long ?? []), ...command.commands.map((sub) => sub.name())];
}

/**
 * Runs one command line.
 *
 * @param argv the words after `kplan`
 * @param io where results and messages go
 * @returns the exit code; never throws
 */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.done;
  let places: WordPlaces = new Map();
  const program = build(
    io,
    (exit) => {
      code = exit;
    },
    (of) => {
      places = of;
    },
  );
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    const json = argv.includes('--json');
    if (!json && error instanceof CommanderError && error.code === 'commander.help') {
      io.warn(asked(program, argv).helpInformation());
      return EXIT.badInput;
    }
    return reportFailure(placedFault(error, places), io, { json, known: knownNames(asked(program, argv)) });
  }
}
