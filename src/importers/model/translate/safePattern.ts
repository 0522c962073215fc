import { Fault } from '../../../faults/fault.ts';

/** Regular expressions of strangers: longer ones, or those that expand to more steps, are refused. */
const LONGEST_PATTERN = 500;
const MOST_STEPS = 4000;
const DEEPEST = 16;

type Test = (code: number) => boolean;

/** One step of a compiled pattern; all ways through it are followed at once, so time is bounded by its size times the length of the text. */
type Step =
  | { readonly kind: 'take'; readonly test: Test }
  | { readonly kind: 'fork'; to: number[] }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'look'; readonly program: readonly Step[]; readonly wanted: boolean };

const isDigit: Test = (code) => code >= 48 && code <= 57;
const isWord: Test = (code) => isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isSpace: Test = (code) => code === 32 || (code >= 9 && code <= 13);
const not =
  (test: Test): Test =>
  (code) =>
    !test(code);

const CLASSES: Readonly<Record<string, Test>> = { d: isDigit, w: isWord, s: isSpace, D: not(isDigit), W: not(isWord), S: not(isSpace) };

class Compiler {
  readonly #text: string;
  readonly #where: string;
  #at = 0;
  #size = 0;

  constructor(text: string, where: string) {
    this.#text = text;
    this.#where = where;
  }

  whole(): readonly Step[] {
    const program = this.#choice(0);
    if (this.#at < this.#text.length) throw this.#refused();
    return program;
  }

  #refused(): Fault {
    const details = { where: this.#where, value: this.#text, allowed: 'letters, classes, groups, |, *, +, ?, {m,n} and lookahead' };
    return new Fault('unsupported', 'a regular expression of a kind that is not read', details);
  }

  #eat(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #grown(program: readonly Step[]): readonly Step[] {
    this.#size += program.length;
    if (this.#size > MOST_STEPS) throw this.#refused();
    return program;
  }

  #choice(depth: number): readonly Step[] {
    if (depth > DEEPEST) throw this.#refused();
    let program = this.#sequence(depth);
    while (this.#eat('|')) {
      const other = this.#sequence(depth);
      const skip: Step = { kind: 'fork', to: [other.length + 1] };
      program = this.#grown([{ kind: 'fork', to: [1, program.length + 2] }, ...program, skip, ...other]);
    }
    return program;
  }

  #sequence(depth: number): readonly Step[] {
    const program: Step[] = [];
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at] ?? '')) program.push(...this.#repeated(this.#atom(depth)));
    return program;
  }

  #repeated(atom: readonly Step[]): readonly Step[] {
    const [found = '', least = '', comma = '', most = ''] =
      /^(?:[*+?]|\{(\d{1,3})(,?)(\d{0,3})\})/.exec(this.#text.slice(this.#at, this.#at + 12)) ?? [];
    if (found === '') return atom;
    this.#at += found.length;
    this.#eat('?');
    if (found === '*') return this.#times(atom, 0, null);
    if (found === '+') return this.#times(atom, 1, null);
    if (found === '?') return this.#times(atom, 0, 1);
    const open = comma !== '' && most === '';
    return this.#times(atom, Number(least), open ? null : Number(most || least));
  }

  #times(atom: readonly Step[], least: number, most: number | null): readonly Step[] {
    if ((most !== null && most < least) || Math.max(least, most ?? 0) * (atom.length + 1) > MOST_STEPS) throw this.#refused();
    const needed = Array.from({ length: least }, () => atom).flat();
    const option: readonly Step[] = [{ kind: 'fork', to: [1, atom.length + 1] }, ...atom];
    if (most !== null) return this.#grown([...needed, ...Array.from({ length: most - least }, () => option).flat()]);
    const loop: Step = { kind: 'fork', to: [-atom.length - 1] };
    return this.#grown([...needed, { kind: 'fork', to: [1, atom.length + 2] }, ...atom, loop]);
  }

  #atom(depth: number): readonly Step[] {
    if (this.#eat('(')) return this.#group(depth);
    const letter = this.#text[this.#at++] ?? '';
    if (letter === '^') return [{ kind: 'start' }];
    if (letter === '$') return [{ kind: 'end' }];
    if (letter === '.') return this.#grown([{ kind: 'take', test: (code) => code !== 10 }]);
    if (letter === '[') return this.#grown([{ kind: 'take', test: this.#set() }]);
    if (letter === '\\') return this.#grown([{ kind: 'take', test: this.#escape() }]);
    if ('*+?'.includes(letter)) throw this.#refused();
    const code = letter.charCodeAt(0);
    return this.#grown([{ kind: 'take', test: (other) => other === code }]);
  }

  #group(depth: number): readonly Step[] {
    const look = ['?!', '?='].find((mark) => this.#eat(mark));
    if (!look && !this.#eat('?:')) {
      const [name] = /^\?P?<\w{1,50}>/.exec(this.#text.slice(this.#at, this.#at + 60)) ?? [];
      if (name !== undefined) this.#at += name.length;
      else if (this.#eat('?')) throw this.#refused();
    }
    const inside = this.#choice(depth + 1);
    if (!this.#eat(')')) throw this.#refused();
    return look ? [{ kind: 'look', program: inside, wanted: look === '?=' }] : inside;
  }

  #escape(): Test {
    const letter = this.#text[this.#at++] ?? '';
    const named = Object.hasOwn(CLASSES, letter) ? CLASSES[letter] : undefined;
    if (named) return named;
    if (letter === '' || isWord(letter.charCodeAt(0))) throw this.#refused();
    const code = letter.charCodeAt(0);
    return (other) => other === code;
  }

  #set(): Test {
    const negated = this.#eat('^');
    const tests: Test[] = [];
    for (let first = true; first || this.#text[this.#at] !== ']'; first = false) {
      const letter = this.#text[this.#at++];
      if (letter === undefined) throw this.#refused();
      if (letter === '\\') tests.push(this.#escape());
      else tests.push(this.#range(letter.charCodeAt(0)));
    }
    this.#at++;
    const any: Test = (code) => tests.some((test) => test(code));
    return negated ? not(any) : any;
  }

  #range(low: number): Test {
    const next = this.#text[this.#at + 1];
    if (this.#text[this.#at] !== '-' || next === undefined || next === ']') return (code) => code === low;
    this.#at += 2;
    const high = next.charCodeAt(0);
    if (next === '\\' || high < low) throw this.#refused();
    return (code) => code >= low && code <= high;
  }
}

/** Steps that all patterns of a list may take together. */
export interface Budget {
  steps: number;
}

/** Whether some way leads through the program from `start`; the end of the text need not be reached. */
function passes(program: readonly Step[], text: string, start: number, budget: Budget): boolean {
  // The position at which a step was last reached: each is followed once per position.
  const reached = new Int32Array(program.length + 1).fill(-1);
  const open: number[] = [];
  const enter = (into: number[], from: number, at: number) => {
    open.push(from);
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (reached[index] === at) continue;
      reached[index] = at;
      budget.steps--;
      const step = program[index];
      if (step?.kind === 'take') into.push(index);
      else if (step?.kind === 'fork') for (const way of step.to) open.push(index + way);
      else if (step?.kind === 'start' ? at === 0 : step?.kind === 'end' ? at === text.length : false) open.push(index + 1);
      else if (step?.kind === 'look' && passes(step.program, text, at, budget) === step.wanted) open.push(index + 1);
    }
  };
  let current: number[] = [];
  enter(current, 0, start);
  for (let at = start; reached[program.length] !== at; at++) {
    if (at >= text.length || current.length === 0 || budget.steps < 0) return false;
    const code = text.charCodeAt(at);
    const next: number[] = [];
    for (const index of current) {
      const step = program[index];
      if (step?.kind === 'take' && step.test(code)) enter(next, index + 1, at + 1);
    }
    current = next;
  }
  return true;
}

/** Words that a text must hold to match, where the pattern is simple enough to tell: they spare most of the work. */
function neededWords(pattern: string): readonly string[] {
  if (!/^(?:\w|\\\.|\.\*|\.\+|\.|\^|\$)*$/.test(pattern)) return [];
  return pattern.split(/\\\.|\.[*+]?|[\^$]/).filter((word) => word !== '');
}

/**
 * A regular expression of a stranger as a test of texts, as Python's `re.match`: from the beginning, not to the end. It is never
 * executed as code, and no pattern makes it slow: all ways through it are followed side by side.
 *
 * @param where the place of the pattern, for faults
 * @param budget shared by all patterns of a list, so that many of them are no way around the bound
 * @throws Fault `unsupported` for backreferences, lookbehind and whatever else is not read, `invalid` for patterns that are too long
 * or take too many steps
 * @example safePattern('.*self_attn.*', 'ignore')('model.layers.0.self_attn.q_proj') // true
 */
export function safePattern(pattern: string, where: string, budget: Budget = { steps: 1_000_000 }): (text: string) => boolean {
  const refused = (allowed: string) => new Fault('invalid', 'a regular expression that is too long', { where, value: pattern, allowed });
  if (pattern.length > LONGEST_PATTERN) throw refused(`at most ${LONGEST_PATTERN} characters`);
  const program = new Compiler(pattern, where).whole();
  const words = neededWords(pattern);
  return (text) => {
    if (words.some((word) => !text.includes(word))) return false;
    const found = passes(program, text, 0, budget);
    if (budget.steps < 0) throw refused('patterns that are done in fewer steps');
    return found;
  };
}
