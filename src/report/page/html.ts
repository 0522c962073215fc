import { harmless } from '../plainText.ts';

/** Markup that is safe to stand in a page. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | readonly Html[] | string | number | null;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * Text that means only itself in a page, in an attribute too.
 *
 * @example escaped('<b>') // '&lt;b&gt;'
 */
export function escaped(text: string): string {
  return harmless(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}

function textOf(value: Value): string {
  if (value === null) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value.map(({ text }) => text).join('');
}

/** Markup with values in it: text is escaped, markup stands as it is, null is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, at) => part + textOf(values[at] ?? null)).join(''));
}

const IN_SCRIPT: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/**
 * A value as JSON that can stand in a script element: nothing in it ends the element or begins a comment.
 *
 * @example scriptJson('</script>') // '"\\u003c/script\\u003e"'
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (sign) => IN_SCRIPT[sign] ?? '');
}
