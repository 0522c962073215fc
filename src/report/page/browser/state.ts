/// <reference lib="dom" />
import type { WhatIfState } from '../../../plan/dossier/whatIf.ts';

type Name = keyof WhatIfState;

const NUMBERS: readonly Name[] = ['price', 'rent', 'load', 'reuse', 'users', 'tokens', 'context'];

/** What the address of a page says after its `#`; parts of the page have addresses without `=`. */
export function stateOf(hash: string): WhatIfState {
  const said = hash.replace(/^#/, '');
  if (!said.includes('=')) return {};
  const words = new URLSearchParams(said);
  const numbers = NUMBERS.flatMap((name) => {
    const text = words.get(name);
    const value = Number(text);
    return text === null || text === '' || !Number.isFinite(value) ? [] : [[name, value]];
  });
  const layout = words.get('layout');
  return { ...Object.fromEntries(numbers), ...(layout ? { layout } : {}) };
}

/** A state as the address says it; empty where nothing was changed. */
export function hashOf(state: WhatIfState): string {
  const words = new URLSearchParams(Object.entries(state).map(([name, value]): [string, string] => [name, String(value)]));
  const said = words.toString();
  return said === '' ? '' : `#${said}`;
}
