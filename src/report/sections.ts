import type { Assumption } from '../evidence/assumption.ts';
import type { Source, SourceId } from '../evidence/source.ts';
import type { DataAge } from '../plan/fitAnswer.ts';
import { type Block, listBlock } from './report.ts';

interface Evidence {
  readonly query: Readonly<Record<string, string | number | readonly string[]>>;
  readonly assumptions: readonly Assumption[];
  readonly warnings: readonly string[];
  readonly sources: Readonly<Record<SourceId, Source>>;
  readonly dataAge: DataAge;
}

/** camelCase as words. */
function words(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The question as understood, on one line. */
export function questionBlock({ query }: Evidence): Block {
  const parts = Object.entries(query).map(([key, value]) => `${words(key)} ${Array.isArray(value) ? value.join(', ') : value}`);
  return { kind: 'text', text: `Asked: ${parts.join(' · ')}` };
}

function assumptionText({ text, source }: Assumption): string {
  const said = text.replace(/^(?:not )?counted: (.)/i, (_, first: string) => first.toUpperCase());
  if (source === 'user') return `${said} (as asked)`;
  return source === 'kplan' ? said : `${said} [${source}]`;
}

function sourceText([id, { ref, date, kind, note }]: [SourceId, Source]): string {
  return `${id}: ${ref} (${date}, ${kind})${note === undefined ? '' : `; ${note}`}`;
}

/** How old the facts are, in one sentence. */
function ageText({ asOf, oldestPrice, oldestMeasurement }: DataAge): string {
  const parts = [`Facts as of ${asOf}`];
  if (oldestPrice !== null) parts.push(`oldest price ${oldestPrice}`);
  if (oldestMeasurement !== null) parts.push(`oldest measurement ${oldestMeasurement}`);
  return `${parts.join('; ')}.`;
}

/** What every answer ends with: warnings, what is counted and what is not, sources with dates, age of the data. */
export function evidenceBlocks({ warnings, assumptions, sources, dataAge }: Evidence): Block[] {
  const notCounted = ({ code }: Assumption) => code.startsWith('not-counted');
  return [
    ...listBlock('Warnings', warnings),
    ...listBlock('Assumptions', assumptions.filter((one) => !notCounted(one)).map(assumptionText)),
    ...listBlock('Not counted', assumptions.filter(notCounted).map(assumptionText)),
    ...listBlock('Sources', Object.entries(sources).map(sourceText)),
    { kind: 'text', text: ageText(dataAge) },
  ];
}
