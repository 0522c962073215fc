import { Command, type Option } from 'commander';
import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import { breakEven } from '../plan/breakEven/breakEven.ts';
import { cost } from '../plan/cost/cost.ts';
import { fit } from '../plan/fit/fit.ts';
import { explainReport, type Sheet } from '../report/explainReport.ts';
import type { Report } from '../report/report.ts';
import { termTable } from '../report/termTable.ts';
import { type BreakEvenOptions, declareBreakEven } from './breakEvenOptions.ts';
import { breakEvenQueryOf } from './breakEvenQuery.ts';
import { type CostOptions, declareCost } from './costOptions.ts';
import { costQueryOf } from './costQuery.ts';
import { deliver } from './deliver.ts';
import { declareFit, type FitOptions } from './fitOptions.ts';
import { fitQueryOf } from './fitQuery.ts';
import { EXIT, type Io } from './io.ts';
import { knownFactsFrom } from './knownFacts.ts';
import { askedOf, catalogWith } from './modelCatalog.ts';
import { ownWorkloadFrom } from './ownWorkload.ts';
import { placedFault, scenarioFor } from './scenarioWords.ts';
import { parseTermId, type TermId } from './termId.ts';

const WAYS: Readonly<Record<string, string>> = { tp: 'tp', adp: 'attentionDp', pp: 'pp', ep: 'ep', dcp: 'dcp', dp: 'dp' };

function notARow(row: readonly string[], allowed: string): Fault {
  return new Fault('invalid', 'not a row of the answer', { where: 'ID', value: row.join('/'), allowed });
}

/** The options behind a row key: `['a100-80-sxm', '16', 'tp8-pp2']`, and a format where several are compared; ways that it leaves out are 1. */
function rowOptions(row: readonly string[], compared: boolean): Record<string, string> {
  const [gpu = '', gpus = '', layout = '', format] = row;
  if (row.length !== (compared ? 4 : 3)) throw notARow(row, 'GPU type, count and layout, such as a100-80-sxm/16/tp8-pp2');
  const options: Record<string, string> = { gpu, gpus, tp: '1', pp: '1', dp: '1', ep: '1', dcp: '1', attentionDp: '1' };
  if (format !== undefined) options['format'] = format;
  const parts = layout.split('-').map((part) => /^([a-z]+)(\d+)$/.exec(part) ?? []);
  if (new Set(parts.map(([, name]) => name)).size < parts.length) throw notARow(row, 'each way once');
  for (const [, name = '', count = ''] of parts) {
    const option = WAYS[name];
    if (option === undefined) throw notARow(row, 'a layout such as tp8-pp2');
    options[option] = count;
  }
  return options;
}

const DECLARE = { fit: declareFit, breakeven: declareBreakEven, cost: declareCost } as const;

/** The options that a command takes. */
function optionsOf({ command }: TermId, io: Io): readonly Option[] {
  const program = new Command();
  DECLARE[command](program, io, () => undefined);
  return program.commands.flatMap(({ options }) => options);
}

/** The words of a command, texts but for switches. */
type Words = Record<string, string | true>;

/** The words of an id, refused where the command knows no such option or it stands there twice. */
function wordsOf(id: TermId, options: readonly Option[]): Words {
  const known = options.map((option) => option.attributeName());
  const seen = new Set<string>();
  for (const [name] of id.options) {
    if (!known.includes(name)) {
      throw new Fault('unknown', `\`kplan ${id.command}\` has no such option`, {
        where: 'ID',
        value: name,
        allowed: `the ids that \`kplan ${id.command} --ids\` prints`,
        nearest: nearestNames(name, known),
      });
    }
    if (seen.has(name))
      throw new Fault('contradiction', 'an option stands twice', { where: 'ID', value: name, allowed: 'each option once' });
    seen.add(name);
  }
  const switches = options.filter((option) => option.isBoolean()).map((option) => option.attributeName());
  return Object.fromEntries(id.options.map(([name, value]) => [name, switches.includes(name) || value]));
}

/** Answers the question of an id again; what it says itself beats the scenario file that it names. */
async function sheetOf(id: TermId, io: Io): Promise<Sheet> {
  const options = optionsOf(id, io);
  const said = wordsOf(id, options);
  if (typeof said['file'] !== 'string') return sheetFor(id, said, io);
  const scenario = await scenarioFor(
    said['file'],
    said,
    options.map((option) => option.attributeName()),
  );
  try {
    return await sheetFor(id, { ...scenario.words, ...said, scenario: scenario.scenario }, io);
  } catch (error) {
    throw placedFault(error, scenario.places);
  }
}

async function sheetFor(id: TermId, words: BreakEvenOptions & CostOptions & FitOptions, io: Io): Promise<Sheet> {
  const { catalog: shipped, ...found } = await catalogWith(words.model, io);
  const { catalog: priced, calibration, ownMeasurements } = await knownFactsFrom(askedOf(words, found), shipped);
  const memory = calibration ? { calibration } : {};
  const { options: asked, catalog } = await ownWorkloadFrom(askedOf(words, found), priced, id.command !== 'fit');
  if (id.command !== 'fit') {
    if (id.row.length > 0) throw notARow(id.row, 'no row: options and the name of a number');
    const more = { ...memory, ...(ownMeasurements ? { ownMeasurements } : {}), terms: true };
    return id.command === 'cost'
      ? cost({ ...costQueryOf(asked), ...more }, catalog)
      : breakEven({ ...breakEvenQueryOf(asked), ...more }, catalog);
  }
  const options = rowOptions(id.row, words.format === 'all');
  const { results, sources } = fit({ ...fitQueryOf({ ...asked, ...options }), ...memory, terms: true }, catalog);
  return { terms: results[0]?.terms ?? [], sources };
}

/** Answers `kplan explain`: asks the question of the id again and shows how the number came about. */
export async function runExplain(id: string, options: { readonly json?: boolean }, io: Io): Promise<number> {
  const asked = parseTermId(id);
  const sheet = await sheetOf(asked, io);
  const report = explainReport(sheet, asked.term);
  if (report === null) {
    const names = sheet.terms.map((term) => term.id);
    throw new Fault('unknown', 'the answer has no such number', {
      where: 'ID',
      value: asked.term,
      allowed: `the ids that \`kplan ${asked.command} --ids\` prints`,
      nearest: nearestNames(asked.term, names),
    });
  }
  await deliver(
    {
      schema: 'kplan/explain@1',
      document: () => ({ schema: 'kplan/explain@1', id, term: asked.term, terms: sheet.terms, sources: sheet.sources }),
      table: () => termTable(sheet.terms, (term) => term),
      report: (): Report => report,
    },
    options,
    io,
  );
  return EXIT.done;
}
