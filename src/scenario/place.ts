/** A text of a scenario, with the place of each of its characters. */
export interface PlacedText {
  readonly text: string;
  /** `file:line:column field` of the character at an index; of the text itself where none is given. */
  where(index?: number): string;
}

/**
 * Where each character of a YAML scalar's value stands in the source: in step with it, white space for white space. Where an escape
 * breaks the step, the start of the scalar.
 *
 * @param source the file
 * @param start offset of the scalar, its quotes or block header included
 * @returns offsets, one for each character of the value
 * @example sourceOffsets('users: "=a  + b"', 7, '=a  + b') // [8, 9, 10, 11, 12, 13, 14]
 */
export function sourceOffsets(source: string, start: number, value: string): number[] {
  const isBlock = source[start] === '|' || source[start] === '>';
  let at = isBlock ? source.indexOf('\n', start) : start;
  return Array.from({ length: value.length }, (_, index) => {
    const wanted = value[index] ?? '';
    if (/\s/.test(wanted)) {
      while (at < source.length && !/\s/.test(source[at] ?? '')) at++;
      return at < source.length ? at++ : start;
    }
    while (at < source.length && source[at] !== wanted) at++;
    return at < source.length ? at++ : start;
  });
}
