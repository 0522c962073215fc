import { MARKDOWN_MARK, TEXT_MARK } from './mark.ts';
import { markdownTable, markdownText } from './markdownTable.ts';
import { FIXED_SPACE, inert, wrap } from './plainText.ts';
import type { Block, Report } from './report.ts';
import { terminalTable } from './terminalTable.ts';

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Makes titles bold; only for a terminal whose user has not set NO_COLOR. */
  readonly bold?: (text: string) => string;
}

function bullet(text: string, width: number, indent: string): string[] {
  return wrap(text, Math.max(20, width - indent.length - 2)).map((line, index) => `${indent}${index === 0 ? '•' : ' '} ${line}`);
}

/** Lines to be copied: never wrapped, but nothing in them steers a terminal. */
function codeLines(text: string): string[] {
  return text.split('\n').map((line) => `${/^ */.exec(line)?.[0] ?? ''}${inert(line)}`);
}

/** A fence longer than any run of backticks in the text. */
function fenced(lines: readonly string[]): string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}sh`, ...lines, fence];
}

function textBlock(block: Block, { width, bold = (text) => text }: TextOptions): string[] {
  const styled = (text: string) => (text === '' ? text : bold(text));
  const title = (text: string) => wrap(text, width).map(styled);
  switch (block.kind) {
    case 'answer':
      return title(block.text);
    case 'text':
      return wrap(block.text, width);
    case 'code':
      return [...title(block.title), ...codeLines(block.text).map((line) => `  ${line}`)];
    case 'outline':
      return block.items.flatMap(({ depth, text }) => bullet(text, width, '  '.repeat(depth)));
    case 'list':
      return [...title(block.title), ...block.items.flatMap((item) => bullet(item, width, '  '))];
    case 'table':
      return [...title(block.title), ...terminalTable(block.table, width)];
  }
}

/**
 * A report as plain text for a terminal.
 *
 * @param report the report as data
 * @param options width in columns and whether to style
 */
export function renderText(report: Report, options: TextOptions): string {
  const blocks = report.blocks.map((block) => textBlock(block, options).join('\n'));
  return `${blocks.join('\n\n')}\n`.replaceAll(FIXED_SPACE, ' ');
}

/** A report as plain text for a file: as on a terminal, with the mark of kplan as last line. */
export function renderTextFile(report: Report, width: number): string {
  return `${renderText(report, { width })}\n${TEXT_MARK}${report.schema}\n`;
}

function markdownBlock(block: Block): string[] {
  switch (block.kind) {
    case 'answer':
      return [`**${markdownText(block.text)}**`];
    case 'text':
      return [markdownText(block.text)];
    case 'code':
      return [`### ${markdownText(block.title)}`, '', ...fenced(codeLines(block.text))];
    case 'outline':
      return block.items.map(({ depth, text }) => `${'  '.repeat(depth)}- ${markdownText(text)}`);
    case 'list':
      return [`### ${markdownText(block.title)}`, '', ...block.items.map((item) => `- ${markdownText(item)}`)];
    case 'table':
      if (block.folded)
        return [`<details><summary>${markdownText(block.title)}</summary>`, '', ...markdownTable(block.table), '', '</details>'];
      return [`### ${markdownText(block.title)}`, '', ...markdownTable(block.table)];
  }
}

/** Markdown in which no name becomes a link, a mention or a reference where it is shown. */
function withoutLinks(markdown: string): string {
  return markdown.replace(/:(?=\/\/)|www(?=\.)|@(?!\u2060)|#(?=\d)|\bGH-(?=\d)/gi, '$&\u2060');
}

/** A report as Markdown; its first line is the mark of kplan. */
export function renderMarkdown(report: Report): string {
  const made = report.blocks.map((block) => markdownBlock(block).join('\n'));
  const blocks = report.unlinked ? made.map(withoutLinks) : made;
  return `${[`${MARKDOWN_MARK}${report.schema} -->`, ...blocks].join('\n\n')}\n`;
}
