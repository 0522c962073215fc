/** The symbol under which the kernel of Deno looks for how an object is shown. */
export const DISPLAY: unique symbol = Symbol.for('Jupyter.display') as never;

/** One thing in several forms, by MIME type; a notebook takes the richest that it knows. */
export interface MediaBundle {
  readonly 'text/plain': string;
  readonly [mime: string]: string | object;
}

/** A document that makes elements, such as that of a browser. */
export interface ElementMaker<E extends { innerHTML: string }> {
  createElement(name: 'div'): E;
}

/**
 * Markup as an element of a document, for Observable and other pages.
 *
 * @param document the one of the page
 * @param markup HTML in which untrusted text is escaped
 * @example elementOf({ createElement: () => ({ innerHTML: '' }) }, '<b>8</b>') // { innerHTML: '<b>8</b>' }
 */
export function elementOf<E extends { innerHTML: string }>(document: ElementMaker<E>, markup: string): E {
  const element = document.createElement('div');
  element.innerHTML = markup;
  return element;
}

/**
 * Markdown for a cell of a notebook, where an amount such as $5 must not begin a formula.
 *
 * @example dollarsKept('**$5 or $6**') // '**\\$5 or \\$6**'
 */
export function dollarsKept(markdown: string): string {
  return markdown.replaceAll('$', '\\$');
}
