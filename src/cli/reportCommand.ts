import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Command } from 'commander';
import { Fault } from '../faults/fault.ts';
import { dossier } from '../plan/dossier/dossier.ts';
import { inputsOf } from '../report/page/inputs.ts';
import { dossierFigures, dossierReport } from '../report/page/pageReport.ts';
import { reportPage, verifiedPage } from '../report/page/reportPage.ts';
import { verificationReport } from '../report/page/verificationReport.ts';
import type { Scenario } from '../scenario/scenario.ts';
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

async function scenarioIn(path: string, text: string): Promise<Scenario> {
  const [{ scenarioDocument }, { scenarioOf }] = await Promise.all([
    import('../scenario/scenarioDocument.ts'),
    import('../scenario/scenario.ts'),
  ]);
  return scenarioOf(scenarioDocument(path, text));
}

/** Computes the answers of a page again; 3 where they or the page differ. */
async function runVerify(path: string, options: ReportOptions, self: Command, io: Io): Promise<number> {
  await checkDelivery(options);
  const page = readPage(path);
  const inputs = inputsOf(page, path);
  const { query, scenario } = inputs;
  let asked = query;
  if (scenario) {
    const words = await partWords(scenario.typed, await scenarioIn(path, scenario.text), self.parent ?? self);
    const { money, size, hybrid } = (await reportQuestion(query.audience, words, io, { plans: true })).query;
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

/** Any other ending would hold text under a false name. */
function checkEnding({ out = '' }: ReportOptions): void {
  if (['', '.html', '.htm', '.txt', '.md', '.json', '.csv'].includes(extname(out).toLowerCase())) return;
  throw new Fault('unsupported', 'a report is no such file', {
    where: '--out',
    value: out,
    allowed: 'FILE.html, which a browser prints, FILE.md, FILE.txt, FILE.json or FILE.csv',
  });
}

/** Answers `kplan report`: the page into `--out FILE.html`, the same as text, Markdown, JSON or CSV elsewhere. */
export async function runReport(options: ReportOptions, self: Command, io: Io): Promise<number> {
  if (options.verify !== undefined) return runVerify(options.verify, options, self, io);
  const audience = audienceOf(options);
  const page = besideName(options.out) === 'page' ? { where: '--out', path: options.out ?? '' } : null;
  checkEnding(options);
  await checkDelivery(options, page);
  const typed = typedOf(self);
  const text = options.file === undefined ? null : readFileSync(options.file, 'utf8');
  const scenario = options.file === undefined || text === null ? null : await scenarioIn(options.file, text);
  const { query, catalog } = await reportQuestion(audience, await partWords(typed, scenario, self.parent ?? self), io, {
    plans: true,
  });
  const hasFormulas = [query.money, query.size, query.hybrid].some((part) => Object.keys(part?.uncertainty?.derived ?? {}).length > 0);
  const source = text !== null && hasFormulas ? { text, typed } : null;
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
    options,
    io,
  );
  return EXIT.done;
}
