import type { DiffAnswer, FigureDifference, JudgedCondition } from '../plan/diff/diffAnswer.ts';
import { figuresTable, inputsTable, loneTable, verdictsTable } from './diffTables.ts';
import { type Block, foldedBlock, listBlock, type Report, tableBlock } from './report.ts';
import { ageText, asSentence, assumptionText } from './sections.ts';

/** Rows of a table that a comment shows unfolded. */
const MOST_ROWS = 16;
const MOST_VERDICTS = 8;

/** The first figure of every kind of every answer, and the rest. */
function parted(figures: readonly FigureDifference[]): { readonly first: FigureDifference[]; readonly rest: FigureDifference[] } {
  const seen = new Set<string>();
  const first = figures.filter(({ of, code }) => {
    const key = `${of} ${code}`;
    if (seen.has(key) || seen.size >= MOST_ROWS) return false;
    seen.add(key);
    return true;
  });
  return { first, rest: figures.filter((each) => !first.includes(each)) };
}

function conditionText({ condition, failed, by, passedOver }: JudgedCondition): string {
  const over = passedOver.length === 0 ? '' : `; passed over as no real difference: ${passedOver.slice(0, 3).join(', ')}`;
  if (!failed) return `${condition}: passed${over}`;
  return `${condition}: FAILED by ${by.slice(0, 3).join(', ')}${by.length > 3 ? ` and ${by.length - 3} more` : ''}${over}`;
}

function factsBlock({ facts: { before, after, same } }: DiffAnswer): Block[] {
  if (before === null || after === null) return [];
  const text = same ? `Both sides: ${ageText(after)}` : `Before: ${ageText(before)} After: ${ageText(after)}`;
  return [{ kind: 'text', text }];
}

/**
 * A comparison arranged for reading, as a comment on a pull request too: the change in a sentence, conditions, inputs, verdicts, figures with their
 * bands, and how the bands are meant.
 *
 * @param answer what `diffAnswers` returned
 * @see renderText, renderMarkdown
 */
export function diffReport(answer: DiffAnswer): Report {
  const { first, rest } = parted(answer.figures);
  const [shownVerdicts, moreVerdicts] = [answer.verdicts.slice(0, MOST_VERDICTS), answer.verdicts.slice(MOST_VERDICTS)];
  return {
    schema: answer.schema,
    unlinked: true,
    blocks: [
      { kind: 'answer', text: answer.answer },
      { kind: 'text', text: `${answer.before} → ${answer.after}` },
      ...listBlock('Conditions', answer.conditions.map(conditionText)),
      ...listBlock('Warnings', answer.warnings.map(asSentence)),
      ...tableBlock('Changed inputs', inputsTable(answer.inputs)),
      ...tableBlock('Changed verdicts', verdictsTable(shownVerdicts)),
      ...foldedBlock(`More changed verdicts: ${moreVerdicts.length}`, verdictsTable(moreVerdicts)),
      ...tableBlock('Changed answers', figuresTable(first)),
      ...foldedBlock(`More changed figures: ${rest.length}`, figuresTable(rest)),
      ...foldedBlock(`Figures of one side alone: ${answer.lone.length}`, loneTable(answer.lone)),
      { kind: 'text', text: `${answer.unchanged === 1 ? '1 figure is' : `${answer.unchanged} figures are`} the same on both sides.` },
      ...listBlock('How to read the bands', answer.assumptions.map(assumptionText)),
      ...factsBlock(answer),
    ],
  };
}
