import { escaped } from './html.ts';

/**
 * The SVG of a chart as a part of a page: one picture with a description, its marks not read out one by one, for the table behind it says
 * the same; without what only a file of its own needs, and its ids told apart from those of other charts.
 *
 * @example svgInPage('<!-- mark -->\n<svg><g id="clip1" role="x"></g></svg>', 'day', 'a day') // '<svg role="img" aria-label="a day"><g id="day-clip1"></g></svg>'
 */
export function svgInPage(file: string, chart: string, description: string): string {
  return file
    .slice(file.indexOf('<svg'))
    .trim()
    .replace(/ (?:role|aria-[a-z]+)="[^"]*"/g, '')
    .replace(/(?<=id="|url\(#)clip(?=\d)/g, `${chart}-clip`)
    .replace('<svg', `<svg role="img" aria-label="${escaped(description)}"`);
}
