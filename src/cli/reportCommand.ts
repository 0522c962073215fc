import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Fault } from '../faults/fault.ts';
import { dossier } from '../plan/dossier/dossier.ts';
import { inputsOf } from '../report/page/inputs.ts';
import { dossierFigures, dossierReport } from '../report/page/pageReport.ts';
import { reportPage, verifiedPage } from '../report/page/reportPage.ts';
import { verificationReport } from '../report/page/verificationReport.ts';
import { besideName } from './besideFile.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import type { ReportOptions } from './reportOptions.ts';
import { audienceOf, partWords, reportQuestion, typedOf } from './reportQuery.ts';
import { VERSION } from './version.ts';

function readPage(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Fault('missing', 'the page cannot be read', { where: '--verify', value: path, allowed: 'a page that `kplan report` wrote' });
  }
}

/** Computes the answers of a page again; 3 where they or the page differ. */
async function runVerify(path: string, options: ReportOptions, self: Command, io: Io): Promise<number> {
  await checkDelivery(options);
  const page = readPage(path);
  const inputs = inputsOf(page, path);
  const { query, scenario } = inputs;
  let asked = query;
  if (scenario) {
    const words = await partWords(scenario.typed, scenario.text, path, self.parent ?? self);
    const { money, size, hybrid } = (await reportQuestion(query.audience, words, io)).query;
    const formulas = <Q extends object>(of: Q, from: { readonly uncertainty?: unknown } | null): Q =>
      from?.uncertainty === undefined ? of : { ...of, uncertainty: from.uncertainty };
    asked = {
      ...query,
      money: formulas(query.money, money),
      size: query.size && formulas(query.size, size),
      hybrid: query.hybrid && formulas(query.hybrid, hybrid),
    };
  }
  const verification = await verifiedPage(page, inputs, asked, VERSION).catch((error: unknown) => {
    if (error instanceof Fault) throw error;
    throw new Fault('invalid', 'its inputs are damaged: no question can be made of them', { where: '--verify', value: path });
  });
  const document = { schema: 'kplan/report-verification@1', file: path, ...verification };
  const { table, report } = verificationReport(document);
  await deliver({ schema: document.schema, document: () => document, table: () => table, report: () => report }, options, io);
  if (!verification.answers || verification.page === false) return EXIT.negative;
  return verification.page === null ? EXIT.partial : EXIT.done;
}

/** A name for text, Markdown, JSON or CSV says so by its ending; any other would hold text under a false name. */
function formOf(options: ReportOptions): ReportOptions {
  const ending = /\.[a-z0-9]+$/i.exec(options.out ?? '')?.[0].toLowerCase() ?? '.txt';
  if (ending === '.md') return { ...options, markdown: true };
  if (['.html', '.htm', '.txt', '.json', '.csv'].includes(ending)) return options;
  throw new Fault('unsupported', 'a report is no such file', {
    where: '--out',
    value: options.out ?? '',
    allowed: 'FILE.html, which a browser prints, FILE.md, or FILE.txt, FILE.json and FILE.csv with --json and --csv',
  });
}

/** Answers `kplan report`: the page into `--out FILE.html`, the same as text, Markdown, JSON or CSV elsewhere. */
export async function runReport(options: ReportOptions, self: Command, io: Io): Promise<number> {
  if (options.verify !== undefined) return runVerify(options.verify, options, self, io);
  const audience = audienceOf(options);
  const page = besideName(options.out) === 'page' ? { where: '--out', path: options.out ?? '' } : null;
  const form = formOf(options);
  await checkDelivery(form, page);
  const typed = typedOf(self);
  const file = options.file ?? '';
  const scenario = options.file === undefined ? null : readFileSync(options.file, 'utf8');
  const { query, catalog } = await reportQuestion(audience, await partWords(typed, scenario, file, self.parent ?? self), io);
  const hasFormulas = [query.money, query.size, query.hybrid].some((part) => Object.keys(part?.uncertainty?.derived ?? {}).length > 0);
  const source = scenario !== null && hasFormulas ? { text: scenario, typed } : null;
  if (page) {
    const content = await reportPage({ query, scenario: source, version: VERSION, plain: options.plain === true }, catalog);
    const { writeOutputs } = await import('../report/output.ts');
    writeOutputs([{ ...page, content }], { force: options.force === true });
    io.warn(`kplan: wrote ${page.path}\n`);
    return EXIT.done;
  }
  const answers = dossier(query, catalog);
  await deliver(
    { schema: answers.schema, document: () => answers, table: () => dossierFigures(answers), report: () => dossierReport(answers) },
    form,
    io,
  );
  return EXIT.done;
}
