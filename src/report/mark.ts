/** First line of a Markdown file of kplan, before the schema. */
export const MARKDOWN_MARK = '<!-- written by kplan: ';
/** First characters of an SVG file of kplan, before the schema. */
export const SVG_MARK = '<!-- written by kplan: ';
/** Last line of a text file of kplan, before the schema. */
export const TEXT_MARK = 'Written by kplan: ';
/** First line of a SQL file of kplan, before the schema. */
export const SQL_MARK = '-- written by kplan: ';

/** First line of a YAML file of kplan, and second of a script, before the schema. */
export const SCRIPT_MARK = '# written by kplan: ';

/** The property of a workbook of kplan that holds the schema. */
export const WORKBOOK_MARK = 'kplanSchema';

const MARKS: readonly RegExp[] = [
  /^<!doctype html>\n<!-- written by kplan: kplan\/[a-z-]+@\d+ -->/,
  /^<!-- written by kplan: kplan\/[a-z-]+@\d+ -->/,
  /^\{\s*"schema"\s*:\s*"kplan\/(?!calibration-run@)[a-z-]+@\d+"/,
  /^\{\s*"\$schema"\s*:\s*"[^"]*vega-lite[^"]*",\s*"usermeta"\s*:\s*\{\s*"kplan"/,
  /^(?:kplanSchema|x_KplanSchema),[^\r\n]*\r\n/,
  /^-- written by kplan: kplan\/[a-z-]+@\d+\n/,
  /^(?:#!\/bin\/sh\n)?# written by kplan: kplan\/[a-z-]+@\d+\n/,
  /\nWritten by kplan: kplan\/[a-z-]+@\d+\n$/,
];

/**
 * Whether a file was written by kplan, so that a later run may replace it. The marks by kind of file:
 * SVG and Markdown begin with the comment `<!-- written by kplan: kplan/…@1 -->`, HTML has it after its doctype, JSON with the key `schema` = `kplan/…@1`,
 * a Vega-Lite specification with `usermeta.kplan`, CSV with the column `kplanSchema` or `x_KplanSchema`, SQL with the comment `-- written by kplan: kplan/…@1`, YAML and scripts with `# written by kplan: kplan/…@1`, and text ends in `Written by kplan: kplan/…@1`.
 * Records of a calibration are measurements of the user's and never replaced. Workbooks are told by `isMarkedWorkbook`, pictures by `isMarkedPng`.
 *
 * @param content the whole file
 * @example isMarked('{"schema":"kplan/fit@1"}') // true
 */
export function isMarked(content: string): boolean {
  return MARKS.some((mark) => mark.test(content));
}
