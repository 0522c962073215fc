import type { Catalog } from '../../plan/catalog.ts';
import { bestGpus, type Dossier, dossier } from '../../plan/dossier/dossier.ts';
import type { DossierQuery } from '../../plan/dossier/dossierQuery.ts';
import { neededFacts } from '../../plan/dossier/neededFacts.ts';
import { plainQuery } from '../../plan/dossier/plainQuery.ts';
import { focused, layoutChoices, whatIf } from '../../plan/dossier/whatIf.ts';
import { findModel } from '../../plan/lookup.ts';
import { controlsHtml } from './controls.ts';
import { answersDigest, type PageInputs, type ReportedScenario } from './inputs.ts';
import { renderPage } from './page.ts';
import { pageScript } from './pageScript.ts';

/** A question with where it comes from. */
export interface AskedReport {
  readonly query: DossierQuery;
  readonly scenario: ReportedScenario | null;
  /** Release of kplan. */
  readonly version: string;
  /** Whether to leave out the script and what it does; the page is half as large then. */
  readonly plain?: boolean;
}

/** The page of answers that were computed before, with all that it needs to compute them again. */
async function pageOf(answers: Dossier, inputs: PageInputs): Promise<string> {
  const { facts, gpu, layouts, plain } = inputs;
  if (plain) return renderPage(answers, inputs, null);
  const query = focused(inputs.query, gpu);
  const { maxContextTokens } = findModel(facts, query.money.model).architecture;
  const { figures } = whatIf(query, facts, {}, layouts);
  const controls = controlsHtml(query, answers, layouts, query.money.maxLoad ?? 1, maxContextTokens);
  return renderPage(answers, inputs, { controls, figures, script: pageScript() });
}

/**
 * Answers a question for its audience and makes the page of it.
 *
 * @throws Fault as `dossier` does
 */
export async function reportPage({ query, scenario, version, plain = false }: AskedReport, catalog: Catalog): Promise<string> {
  const facts = neededFacts(query, catalog);
  const answers = dossier(query, catalog);
  const gpu = bestGpus(answers.breakEven, query.money.gpu);
  const layouts = layoutChoices(focused(query, gpu), facts);
  const digest = answersDigest(answers);
  return pageOf(answers, {
    schema: 'kplan/report-inputs@1',
    version,
    query: plainQuery(query),
    scenario,
    facts,
    gpu,
    layouts,
    plain,
    answers: digest,
  });
}

/** What computing the answers of a page again says of it. */
export interface Verification {
  /** Whether the answers come out the same. */
  readonly answers: boolean;
  /** Whether the whole page does, so that nothing in it was changed by hand; null where another release made it. */
  readonly page: boolean | null;
  /** The first line of the page that differs; null where none does or nothing was compared. */
  readonly firstDifference: number | null;
  readonly madeBy: string;
  readonly asOf: string;
}

/** The first line in which two texts differ, from 1. */
function differingLine(a: string, b: string): number | null {
  if (a === b) return null;
  const [ours, theirs] = [a.split('\n'), b.split('\n')];
  return theirs.findIndex((line, at) => line !== ours[at]) + 1 || ours.length;
}

/**
 * Computes the answers of a page again from the inputs that it carries.
 *
 * @param query its question, with the formulas of its scenario
 * @param version of kplan that verifies
 */
export async function verifiedPage(page: string, inputs: PageInputs, query: DossierQuery, version: string): Promise<Verification> {
  const answers = dossier(query, inputs.facts);
  const same = answersDigest(answers) === inputs.answers;
  const made = inputs.version === version ? await pageOf(answers, inputs) : null;
  return {
    answers: same,
    page: made === null ? null : made === page,
    firstDifference: made === null ? null : differingLine(made, page),
    madeBy: inputs.version,
    asOf: answers.breakEven.dataAge.asOf,
  };
}
