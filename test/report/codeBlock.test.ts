import { describe, expect, it } from 'vitest';
import { isMarked } from '../../src/report/mark.ts';
import { renderMarkdown, renderText } from '../../src/report/renderReport.ts';
import type { Report } from '../../src/report/report.ts';

function report(text: string): Report {
  return { schema: 'kplan/deploy@1', blocks: [{ kind: 'code', title: 'Command', text }] };
}

describe('a text to be copied', () => {
  it('is never wrapped, and stands behind its indent', () => {
    const line = `serve ${'x'.repeat(100)} \\`;
    expect(renderText(report(`${line}\n  --flag`), { width: 40 })).toBe(`Command\n  ${line}\n    --flag\n`);
  });

  it('steers no terminal', () => {
    expect(renderText(report('a\u001b[31m\u202eb'), { width: 40 })).toBe('Command\n  a [31m b\n');
  });

  it('stands in a fence that nothing in it closes', () => {
    expect(renderMarkdown(report('a ```` b'))).toContain('\n`````sh\na ```` b\n`````\n');
    expect(renderMarkdown(report('a'))).toContain('\n```sh\na\n```\n');
  });
});

describe('the mark of scripts and YAML', () => {
  it.each([
    ['# written by kplan: kplan/deploy@1\nname: x\n', true],
    ['#!/bin/sh\n# written by kplan: kplan/deploy@1\n', true],
    ['name: x\n# written by kplan: kplan/deploy@1\n', false],
    ['#!/bin/bash\n# written by kplan: kplan/deploy@1\n', false],
    ['# written by kplan\n', false],
  ])('%j: %s', (content, known) => {
    expect(isMarked(content)).toBe(known);
  });
});
