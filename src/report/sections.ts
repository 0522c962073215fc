import type { Assumption } from '../evidence/assumption.ts';
import type { Source, SourceId } from '../evidence/source.ts';
import type { AnswerEvidence, DataAge } from '../plan/answerEvidence.ts';
import { grouped } from './group.ts';
import { type Block, listBlock } from './report.ts';

interface Evidence extends AnswerEvidence {
  readonly query: Readonly<Record<string, unknown>>;
}

/** GPU types of the question that are spelt out, and sources that are told with their address. */
const MOST_GPUS = 8;
const MOST_SOURCES = 24;

/** A clause as a sentence: a capital where its first word is plain, and a full stop. */
export function asSentence(text: string): string {
  const begun = text.replace(/^[a-z]+(?=[ ,;]|: |$)/, (word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** camelCase as words; a variable keeps its name. */
function words(key: string): string {
  if (key.startsWith('variables.')) return key.slice('variables.'.length);
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function asked(key: string, value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return key === 'gpu' && value.length > MOST_GPUS ? `${value.length} types` : value.join(', ');
}

/** The question as understood, on one line. */
export function questionText({ query }: Pick<Evidence, 'query'>): string {
  const parts = Object.entries(query).map(([key, value]) => `${words(key)} ${asked(key, value)}`);
  return `Asked: ${parts.join(' · ')}`;
}

/** The question as understood, as a part of a report. */
export function questionBlock(answer: Evidence): Block {
  return { kind: 'text', text: questionText(answer) };
}

/** An assumption as a sentence, with where it comes from. */
export function assumptionText({ text, source }: Assumption): string {
  const said = text.replace(/^(?:not )?counted: (.)/i, (_, first: string) => first.toUpperCase());
  if (source === 'user') return asSentence(`${said.replace(/( \(as asked\))?\.?$/, '')} (as asked)`);
  return source === 'kplan' ? asSentence(said) : `${asSentence(said)} [${source}]`;
}

function sourceText([id, { ref, date, kind, note }]: [SourceId, Source]): string {
  return asSentence(`${id}: ${ref} (${date}, ${kind})${note === undefined ? '' : `; ${note}`}`);
}

/** Sources by the part of the catalog that names them, with their dates alone. */
function compactSources(sources: readonly [SourceId, Source][]): string[] {
  return [...grouped(sources, ([id]) => id.split(/[/#]/)[0] ?? id)].map(([part, group]) => {
    const names = group.map(([id, { date }]) => `${id.slice(part.length + 1)} ${date}`);
    return `${part}: ${names.join(', ')}`;
  });
}

function sourceBlock(sources: Evidence['sources']): Block[] {
  const entries = Object.entries(sources);
  if (entries.length <= MOST_SOURCES) return listBlock('Sources', entries.map(sourceText));
  return listBlock('Sources with their dates; --json has the address and the note of each', compactSources(entries));
}

/** How old the facts are, in one sentence. */
export function ageText({ asOf, oldestPrice, oldestMeasurement }: DataAge): string {
  const parts = [`${AGE}${asOf}`];
  if (oldestPrice !== null) parts.push(`oldest price ${oldestPrice}`);
  if (oldestMeasurement !== null) parts.push(`oldest measurement ${oldestMeasurement}`);
  return `${parts.join('; ')}.`;
}

const EVIDENCE = /^(?:Warnings|Assumptions|Counted|Not counted|Sources\b.*)$/;
const AGE = 'Facts as of ';

/** Whether a block of a report is one of those that every answer ends with. */
export function isEvidence(block: Block): boolean {
  return block.kind === 'list' ? EVIDENCE.test(block.title) : block.kind === 'text' && block.text.startsWith(AGE);
}

/** What every answer ends with: warnings, what is counted and what is not, sources with dates, age of the data. */
export function evidenceBlocks({ warnings, assumptions, sources, dataAge }: Evidence): Block[] {
  const heading = ({ code }: Assumption) =>
    code.startsWith('not-counted') ? 'Not counted' : code.startsWith('counted') ? 'Counted' : 'Assumptions';
  const under = (title: string) => listBlock(title, [...new Set(assumptions.filter((one) => heading(one) === title).map(assumptionText))]);
  return [
    ...listBlock('Warnings', warnings.map(asSentence)),
    ...under('Assumptions'),
    ...under('Counted'),
    ...under('Not counted'),
    ...sourceBlock(sources),
    { kind: 'text', text: ageText(dataAge) },
  ];
}
