import { describe, expect, it } from 'vitest';
import { chart } from '../../src/notebook/index.ts';
import { renderVegaLite } from '../../src/report/charts/chart.ts';
import { PHONE } from '../../src/report/charts/sheet.ts';
import { CHART_CASES } from '../support/chartAnswers.ts';
import { HOSTILE, withHostileNames } from '../support/hostileNames.ts';

const same = <T>(answer: T): T => answer;

function display(of: object): Promise<Record<string, unknown>> {
  return (of as Record<symbol, () => Promise<Record<string, unknown>>>)[Symbol.for('Jupyter.display')]?.call(of) as never;
}

describe.each(CHART_CASES.map((one) => [one.name, one] as const))('%s', (_, { draw }) => {
  const view = chart(draw(same));

  it('is a picture, a specification and words', async () => {
    const bundle = await display(view);
    expect(Object.keys(bundle).sort()).toEqual(['application/vnd.vegalite.v6+json', 'image/svg+xml', 'text/plain']);
    expect(bundle['image/svg+xml']).toMatch(/^<svg role="img" aria-label="[^"]+"[^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(bundle['application/vnd.vegalite.v6+json']).toEqual(JSON.parse(renderVegaLite(view.spec)));
    expect(bundle['application/vnd.vegalite.v6+json']).toMatchObject({ $schema: expect.stringMatching(/vega-lite\/v6\.json$/) });
    const finding = (view.spec['title'] as { text: string[] }).text.join(' ');
    expect(bundle['text/plain']).toMatch(/^\S/);
    expect(String(bundle['text/plain']).split('\n')[0]).toBe(finding);
    expect(view.csv).toMatch(/^kplanSchema,series,/);
  });

  it('is an element that holds the picture', async () => {
    const element = await view.element({ createElement: () => ({ innerHTML: '' }) });
    expect(element.innerHTML).toContain(await view.svg());
  });

  it.each(HOSTILE)('takes names as words: %j', async (evil) => {
    const hostile = chart(draw((answer) => withHostileNames(answer, evil)));
    for (const tag of (await hostile.svg()).match(/<[^>]*>/g) ?? [])
      expect(tag.replace(/="[^"]*"/g, '=')).not.toMatch(/^<(?:script|img|a|foreignObject|style|iframe|use)\b|\s(?:on\w+|\S*href)=/i);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(hostile.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/);
  });
});

it('keeps what is inside two pictures of one page apart', async () => {
  const ids = async (view: { svg(): Promise<string> }) => [...(await view.svg()).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  const drawn = CHART_CASES.map(({ draw }) => draw);
  const all = await Promise.all(drawn.flatMap((draw) => [ids(chart(draw(same))), ids(chart(draw(same, PHONE)))]));
  const whole = all.flatMap((of) => [...new Set(of)]);
  expect(whole.length).toBeGreaterThan(0);
  expect(new Set(whole).size).toBe(whole.length);
});
