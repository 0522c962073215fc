import type { Assumption } from '../../evidence/assumption.ts';
import type { Source, SourceId } from '../../evidence/source.ts';
import type { AnswerEvidence } from '../../plan/answerEvidence.ts';
import type { Dossier } from '../../plan/dossier/dossier.ts';
import { daysBetween } from '../../units/time.ts';
import { type Block, listBlock, tableBlock } from '../report.ts';
import { asSentence, assumptionText } from '../sections.ts';

/** What all answers of a page rest on, each fact once. */
export interface Provenance {
  readonly warnings: readonly string[];
  readonly assumptions: readonly Assumption[];
  readonly sources: Readonly<Record<SourceId, Source>>;
  readonly asOf: string;
}

/** What the answers of a dossier rest on together. */
export function provenanceOf({ breakEven, cost, hybrid, size, speed, fit, told }: Dossier): Provenance {
  const answers: readonly (AnswerEvidence | null)[] = [breakEven, cost, hybrid, size, speed, fit];
  const known = answers.filter((answer) => answer !== null);
  const assumptions = new Map([told, ...known].flatMap((answer) => answer.assumptions.map((one) => [one.text, one] as const)));
  return {
    warnings: [...new Set([told, ...known].flatMap((answer) => answer.warnings))],
    assumptions: [...assumptions.values()],
    sources: Object.fromEntries(known.flatMap((answer) => Object.entries(answer.sources)).sort(([a], [b]) => (a < b ? -1 : 1))),
    asOf: breakEven.dataAge.asOf,
  };
}

/** Warnings, assumptions, parts that could not be answered, and every source with its age on the day of the report. */
export function provenanceBlocks({ warnings, assumptions, sources, asOf }: Provenance, missing: Dossier['missing']): Block[] {
  const rows = Object.entries(sources).map(([id, { ref, date, kind, note }]) => {
    const days = daysBetween(date, asOf);
    return { cells: [id, ref, date, Number.isFinite(days) ? days : null, kind], ...(note === undefined ? {} : { note }) };
  });
  return [
    ...listBlock('Warnings', warnings.map(asSentence)),
    ...listBlock(
      'Not answered',
      missing.map(({ part, reason }) => `${part}: ${asSentence(reason)}`),
    ),
    ...listBlock('Assumptions', assumptions.map(assumptionText)),
    ...tableBlock(`Sources and their age on ${asOf}`, {
      columns: [
        { title: 'id', whole: true },
        { title: 'what' },
        { title: 'date' },
        { title: 'age', unit: 'days', align: 'right' },
        { title: 'kind' },
      ],
      rows,
    }),
  ];
}
