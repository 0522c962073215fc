import type { SaidField } from './saidFields.ts';

const VARIABLE = 'variables.';

function names(text: string): ReadonlySet<string> {
  return new Set(text.match(/[A-Za-z_]\w*/g) ?? []);
}

/**
 * The variables of a scenario that nothing of some fields is made of, directly or through others.
 *
 * @param said fields and variables as they are written
 * @param isHeard whether a field counts
 * @returns their names, such as `variables.activeShare`
 * @example unheardVariables([{ name: 'variables.a', text: '1', at: '' }], () => true) // ['variables.a']
 */
export function unheardVariables(said: readonly SaidField[], isHeard: (field: string) => boolean): string[] {
  const variables = said.filter(({ name }) => name.startsWith(VARIABLE));
  const waiting = said
    .filter(({ name, text }) => !name.startsWith(VARIABLE) && text.startsWith('=') && isHeard(name))
    .map(({ text }) => text);
  const heard = new Set<string>();
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    const used = names(text);
    for (const { name, text: own } of variables)
      if (used.has(name.slice(VARIABLE.length)) && !heard.has(name)) {
        heard.add(name);
        waiting.push(own);
      }
  }
  return variables.map(({ name }) => name).filter((name) => !heard.has(name));
}
