import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/faults/fault.ts';
import { SHOWN_SCHEMAS } from '../../src/notebook/answerForms.ts';
import { shown } from '../../src/notebook/index.ts';
import { breakEvenReport } from '../../src/report/breakEvenReport.ts';
import { renderMarkdown, renderText } from '../../src/report/renderReport.ts';
import { ownedAnswer } from '../support/chartAnswers.ts';
import { HOSTILE, withHostileNames } from '../support/hostileNames.ts';
import { SHOWN_ANSWERS } from '../support/shownAnswers.ts';

/** As the kernel finds it, whose symbol is not ours. */
const display = (of: object) => (of as Record<symbol, () => Record<string, string>>)[Symbol.for('Jupyter.display')]?.call(of) ?? {};

it('every answer that a notebook shows is tested here', () => {
  expect(SHOWN_ANSWERS.map(({ schema }) => schema).sort()).toEqual([...SHOWN_SCHEMAS].sort());
});

describe.each(SHOWN_ANSWERS.map((answer) => [answer.schema, answer] as const))('%s', (schema, answer) => {
  const view = shown(answer);

  it('has the forms that a kernel asks for, with the answer first', () => {
    const bundle = display(view);
    expect(Object.keys(bundle).sort()).toEqual(['text/html', 'text/markdown', 'text/plain']);
    const sentence = ('answer' in answer ? answer.answer : answer.breakEven.answer).slice(0, 24);
    expect(bundle['text/plain']?.replaceAll('\n', ' ')).toContain(sentence);
    expect(bundle['text/html']).toMatch(/^<div class="kplan[^>]*><style>[^<]*<\/style><p class="answer">/);
    expect(bundle['text/html']).toContain('<table>');
    expect(bundle['text/markdown']).toMatch(/^<!-- written by kplan: [^\n]*\n\n\*\*/);
    expect(
      view.csv
        .split('\r\n')
        .slice(1, -1)
        .every((line) => line.startsWith(`${schema},`)),
    ).toBe(true);
    expect(view.csv.split('\r\n').length).toBeGreaterThan(2);
  });

  it('says the same once it went through JSON', () => {
    const again = shown(JSON.parse(JSON.stringify(answer)) as typeof answer);
    expect(again.text).toBe(view.text);
    expect(again.html).toBe(view.html);
    expect(again.csv).toBe(view.csv);
  });

  it.each(HOSTILE)('takes names as words: %j', (evil) => {
    const { html, markdown, text, csv } = shown(withHostileNames(answer, evil));
    const inside = html.replace(/^<div class="kplan[^>]*><style>[^<]*<\/style>/, '');
    for (const tag of inside.match(/<[^>]*>/g) ?? [])
      expect(tag.replace(/="[^"]*"/g, '=')).toMatch(
        /^<\/?(?:div|p|ul|li|h4|table|caption|thead|tbody|tr|th|td|details|summary)(?: (?:class|scope|colspan|tabindex|role|aria-label)=)*>$/,
      );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    for (const form of [html, markdown, text]) expect(form).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/);
    expect(markdown.replace(/^<!--[^\n]*-->\n/, '')).not.toContain('<');
    for (const cell of csv.split(/,|\r\n/)) expect(cell.replace(/^"+/, '')).not.toMatch(/^[=+@]/);
  });
});

describe('a break-even answer in a notebook', () => {
  const view = shown(ownedAnswer);

  it('is what the command prints', () => {
    expect(view.text).toBe(renderText(breakEvenReport(ownedAnswer), { width: 100 }));
    expect(view.markdown).toBe(renderMarkdown(breakEvenReport(ownedAnswer)));
    expect(shown(ownedAnswer, { width: 60 }).text.split('\n').length).toBeGreaterThan(view.text.split('\n').length);
  });

  it('keeps amounts from being read as formulas', () => {
    const { 'text/markdown': markdown = '', 'text/html': html = '' } = display(view);
    expect(markdown).toContain('\\$');
    expect(markdown).not.toMatch(/(?<!\\)\$/);
    expect(html).toContain('$');
    expect(html).toContain('mathjax_ignore');
    expect(html).toContain('tex2jax_ignore');
  });

  it('shows parts by the beginning of their titles, and the sentence alone', () => {
    const part = view.only('what would turn IT', 'Over all months');
    expect(part.titles.length).toBeGreaterThan(1);
    expect(part.titles.every((title) => /^(What would turn it|Over all months)/.test(title))).toBe(true);
    expect(view.text).toContain(part.text.split('\n\n')[0]);
    expect(part.csv).toBe(view.csv);
    expect(view.brief().titles).toEqual([]);
    expect(view.brief().text.replaceAll('\n', ' ').trim()).toBe(ownedAnswer.answer);
  });

  it('refuses a title that is none, naming the nearest', () => {
    expect(() => view.only('Verdict', 'Soures')).toThrow(/unknown title: .*"Soures".*did you mean Sources/);
  });

  it.each([0, 39, 80.5, Number.NaN])('refuses %d columns', (width) => {
    expect(() => shown(ownedAnswer, { width })).toThrow(Fault);
  });

  it.each(['kplan/fits@1', 'toString', undefined])('refuses an answer of the schema %s', (schema) => {
    expect(() => shown({ ...ownedAnswer, schema } as never)).toThrow(/unknown schema: no such answer can be shown/);
  });

  it('gives an element to a page', () => {
    const made: string[] = [];
    const element = view.element({
      createElement: (name) => {
        made.push(name);
        return { innerHTML: '' };
      },
    });
    expect(made).toEqual(['div']);
    expect(element.innerHTML).toBe(view.html);
  });
});
