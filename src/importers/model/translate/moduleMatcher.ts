import { Fault } from '../../../faults/fault.ts';
import { safePattern } from './safePattern.ts';

/** Whether a list names a module, by its path. */
export type ModuleMatcher = (path: string) => boolean;

const MOST_NAMES = 200_000;
const MOST_PATTERNS = 4096;
const MOST_STEPS = 40_000_000;

/** `*` stands for any letters, dots included; the whole path must match. */
function globMatcher(glob: string): ModuleMatcher {
  const [head = '', ...parts] = glob.split('*');
  const tail = parts.pop() ?? '';
  return (path) => {
    if (!path.startsWith(head) || !path.endsWith(tail) || path.length < head.length + tail.length) return false;
    let at = head.length;
    for (const part of parts) {
      const found = path.indexOf(part, at);
      if (found < 0 || found + part.length > path.length - tail.length) return false;
      at = found + part.length;
    }
    return true;
  };
}

/** Whether some run of the components of a path is in the set, as `mlp.gate` is in `model.layers.0.mlp.gate`. */
function holdsRun(path: string, names: ReadonlySet<string>): boolean {
  const components = path.split('.');
  for (let from = 0; from < components.length; from++)
    for (let to = from + 1; to <= components.length; to++) if (names.has(components.slice(from, to).join('.'))) return true;
  return false;
}

/**
 * A list of module names as quantisation tools write them: `re:` before a regular expression, `*` for any letters, else a name, which
 * also stands for the modules inside it and for those whose path ends with it.
 *
 * @param where the place of the list, for faults
 * @throws Fault `invalid` for a list without bounds, and those of `safePattern`
 * @example moduleMatcher(['lm_head', 're:.*self_attn.*'], 'ignore')('model.layers.3.self_attn.o_proj') // true
 */
export function moduleMatcher(entries: readonly string[], where: string): ModuleMatcher {
  const patterns = entries.filter((entry) => entry.startsWith('re:') || entry.includes('*'));
  if (entries.length > MOST_NAMES || patterns.length > MOST_PATTERNS)
    throw new Fault('invalid', 'too many entries', {
      where,
      value: `${entries.length}, of which ${patterns.length} with re: or *`,
      allowed: `at most ${MOST_NAMES}, of which ${MOST_PATTERNS} with re: or *`,
    });
  const names = new Set(entries.filter((entry) => !entry.startsWith('re:') && !entry.includes('*')));
  const budget = { steps: MOST_STEPS };
  const tests = [...new Set(patterns)].map((entry) =>
    entry.startsWith('re:') ? safePattern(entry.slice(3), where, budget) : globMatcher(entry),
  );
  return (path) => holdsRun(path, names) || tests.some((test) => test(path));
}
