import { type Fault, inert } from '../../faults/fault.ts';

/** Rows of one flaw. */
export interface BadRows {
  readonly reason: string;
  readonly count: number;
  /** `file:line: field (value)` of the first ones. */
  readonly first: string[];
}

const FIRST = 3;
const MOST_REASONS = 100;

/** Rows that were left out, counted by what is wrong with them. */
export class BadRowCount {
  readonly #byReason = new Map<string, { count: number; first: string[] }>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param place the file and line, as `mine.csv:17` */
  add({ details, message, code }: Fault, place: string): void {
    this.#count++;
    const { where, value, allowed } = details;
    const said = message.slice(`${code} ${where}: `.length).split(' (got ')[0]?.split('; allowed: ')[0] ?? message;
    const reason = this.#byReason.size < MOST_REASONS ? `${where}: ${said}` : 'other flaws';
    const entry = this.#byReason.get(reason) ?? { count: 0, first: [] };
    entry.count++;
    const seen = value === undefined ? '' : ` ${inert(value)}`;
    const limit = code === 'contradiction' && allowed !== undefined ? ` (${allowed})` : '';
    if (entry.first.length < FIRST) entry.first.push(`${place}${seen}${limit}`);
    this.#byReason.set(reason, entry);
  }

  /** Rows of one flaw that were counted elsewhere; nobody says where they stand. */
  addCounted(reason: string, count: number): void {
    this.#count += count;
    const said = inert(reason);
    const entry = this.#byReason.get(said) ?? { count: 0, first: [] };
    entry.count += count;
    this.#byReason.set(said, entry);
  }

  list(): BadRows[] {
    return [...this.#byReason].map(([reason, { count, first }]) => ({ reason, count, first }));
  }
}
