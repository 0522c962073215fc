import { createHash } from 'node:crypto';
import { Fault } from '../../faults/fault.ts';
import type { Catalog } from '../../plan/catalog.ts';
import type { Dossier } from '../../plan/dossier/dossier.ts';
import type { DossierQuery } from '../../plan/dossier/dossierQuery.ts';
import type { LayoutChoice } from '../../plan/dossier/whatIf.ts';
import { INPUTS_ID } from './inputsId.ts';

/** The scenario behind a report, as it was read, and the options that were typed beside it. */
export interface ReportedScenario {
  readonly text: string;
  readonly typed: Readonly<Record<string, string | true>>;
}

/** What a page carries so that its answers can be computed again, by itself or by `--verify`. */
export interface PageInputs {
  readonly schema: 'kplan/report-inputs@1';
  /** Release of kplan that made the page. */
  readonly version: string;
  /** Without formulas: what follows from uncertain variables has distributions of its own. */
  readonly query: DossierQuery;
  /** Where the question has formulas; null where the query says all. */
  readonly scenario: ReportedScenario | null;
  readonly facts: Catalog;
  /** GPUs that a reader's changes are computed for, and layouts that can be chosen of the first of them. */
  readonly gpu: readonly string[];
  readonly layouts: readonly LayoutChoice[];
  /** Whether the page has no script, so that nothing in it can be changed by its reader. */
  readonly plain: boolean;
  /** SHA-256 of the answers as JSON. */
  readonly answers: string;
}

/** A fingerprint of all answers: the same for the same question and facts. */
export function answersDigest(answers: Dossier): string {
  return createHash('sha256').update(JSON.stringify(answers)).digest('hex');
}

const ELEMENT = new RegExp(`<script type="application/json" id="${INPUTS_ID}">(.*?)</script>`, 's');

/**
 * The inputs that a page carries.
 *
 * @param file as it is named
 * @throws Fault where the file is no page of kplan
 */
export function inputsOf(page: string, file: string): PageInputs {
  const refused = (reason: string) =>
    new Fault('invalid', reason, { where: '--verify', value: file, allowed: 'a page that `kplan report --out FILE.html` wrote' });
  const [, text] = ELEMENT.exec(page) ?? [];
  if (text === undefined) throw refused('the file carries no inputs of a report');
  let inputs: Partial<PageInputs> | null;
  try {
    inputs = JSON.parse(text);
  } catch {
    throw refused('the inputs in the file are no JSON');
  }
  if (inputs?.schema !== 'kplan/report-inputs@1' || !inputs.query || !inputs.facts || typeof inputs.answers !== 'string')
    throw refused('the inputs in the file are not those of a report');
  return inputs as PageInputs;
}
