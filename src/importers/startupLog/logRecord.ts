import { isFirstRank, type PlainLine, shortText } from './plainLine.ts';
import { inGiB, isMemoryUnit, roundingOf } from './printedNumber.ts';
import type { FigureName, LoggedBuffer, LoggedFigure, LoggedFlags, LoggedPool, Stage, StartOutcome } from './startupLog.ts';

/** Ranks of which figures are kept apart; the largest deployments have fewer. */
const MOST_RANKS = 4096;

/** Pools and buffers that are kept; llama.cpp names a few for each device and file. */
const MOST_PARTS = 1024;

/** Beyond these a figure is no figure: all GPUs of a deployment together have less memory, and hold fewer tokens. */
const MOST_GIB = 1e6;
const MOST_COUNT = 1e12;

const STAGES: readonly Stage[] = ['start', 'load', 'profile', 'kv-cache', 'graph-capture', 'ready'];

/**
 * What happens where a rank states a figure again: the first one stands, the last one does, or they are parts of one. `keep` takes two
 * lines without a rank for two ranks that lost their prefix, `first` for one that says it twice.
 */
export type Again = 'keep' | 'first' | 'replace' | 'add';

interface Said {
  readonly value: number;
  readonly unit: string;
  readonly rounding: number;
  readonly line: number;
  readonly text: string;
  readonly first: boolean;
}

/** What one start has said so far. */
export class LogRecord {
  readonly flags: LoggedFlags = {};
  readonly pools: LoggedPool[] = [];
  readonly buffers: LoggedBuffer[] = [];
  version: string | null = null;
  model: string | null = null;
  stage: Stage = 'start';
  outcome: StartOutcome | null = null;
  error: { readonly text: string; readonly line: number } | null = null;
  /** Where the engine said that it is done, if it is no server. */
  readyLine: number | null = null;
  /** Models that were begun to load; llama.cpp loads a draft after the target. */
  modelsLoaded = 0;
  /** The rank whose pools are kept; the others repeat them. */
  poolRank: string | null = null;
  /** Tokens of the pool for layers with a window, where there is one. */
  windowTokens: number | null = null;
  /** The line taken last, where it states more than there can be. */
  absurd: PlainLine | null = null;
  readonly #figures = new Map<FigureName, Map<string, Said>>();

  /** Figures, buffers and refusals that it has stated. */
  get readings(): number {
    return this.#figures.size + this.buffers.length + (this.outcome?.kind === 'refused' ? 1 : 0);
  }

  /** Whether any rank, or the given one, has stated a figure. */
  has(name: FigureName, rank?: string): boolean {
    const said = this.#figures.get(name);
    return said !== undefined && (rank === undefined || said.has(rank));
  }

  /** What the given rank, or else any, has stated. */
  value(name: FigureName, rank: string): number | null {
    const said = this.#figures.get(name);
    return (said?.get(rank) ?? said?.values().next().value)?.value ?? null;
  }

  /** Keeps a figure as printed. A line that names no rank counts as a rank of its own. */
  figure(name: FigureName, printed: string, unit: string, line: PlainLine, again: Again = 'keep'): void {
    const value = isMemoryUnit(unit) ? inGiB(printed, unit) : Number(printed.replaceAll(',', ''));
    this.state(name, { value, rounding: roundingOf(printed, unit), unit }, line, again);
  }

  /** Keeps a figure that is worked out from printed ones. */
  state(
    name: FigureName,
    stated: { readonly value: number; readonly rounding: number; readonly unit: string },
    line: PlainLine,
    again: Again = 'keep',
  ): void {
    if (!(Math.abs(stated.value) <= (isMemoryUnit(stated.unit) ? MOST_GIB : MOST_COUNT))) {
      if (!Number.isNaN(stated.value)) this.absurd = line;
      return;
    }
    const said = this.#figures.get(name) ?? new Map<string, Said>();
    this.#figures.set(name, said);
    const { rank, number, text } = line;
    const key = rank === '' && again === 'keep' && said.has('') ? `line ${number}` : rank;
    const before = said.get(key);
    if ((before && (again === 'keep' || again === 'first')) || (!before && said.size >= MOST_RANKS)) return;
    const added = before && again === 'add' ? before : { value: 0, rounding: 0 };
    said.set(key, {
      value: added.value + stated.value,
      rounding: added.rounding + stated.rounding,
      unit: stated.unit,
      line: number,
      text: shortText(text),
      first: isFirstRank(rank),
    });
  }

  /** Forgets figures that an engine states anew after a trial. */
  forget(...names: readonly FigureName[]): void {
    for (const name of names) this.#figures.delete(name);
  }

  /** Keeps a pool, of the first rank that names one. */
  pool(pool: LoggedPool, rank: string): void {
    this.poolRank ??= rank;
    if (!(pool.gib <= MOST_GIB && (pool.tokens ?? 0) <= MOST_COUNT)) return;
    if (rank === this.poolRank && this.pools.length < MOST_PARTS) this.pools.push(pool);
  }

  buffer(buffer: LoggedBuffer): void {
    if (buffer.gib <= MOST_GIB && this.buffers.length < MOST_PARTS) this.buffers.push(buffer);
  }

  /** Moves on to a stage; a start never moves back. */
  reach(stage: Stage): void {
    if (STAGES.indexOf(stage) > STAGES.indexOf(this.stage)) this.stage = stage;
  }

  /** Keeps the first way in which the start ended, or one that says more about the same. */
  end(outcome: StartOutcome): void {
    const first = this.outcome;
    if (first === null) this.outcome = outcome;
    else if (first.kind === 'out-of-memory' && outcome.kind === 'out-of-memory' && outcome.where !== first.where) {
      this.outcome = { ...outcome, askedGiB: outcome.askedGiB ?? first.askedGiB };
    }
  }

  /** The figures over all ranks: the value of the first rank, and the ends. */
  figures(): Partial<Record<FigureName, LoggedFigure>> {
    return Object.fromEntries([...this.#figures].map(([name, said]) => [name, figureOf([...said.values()])]));
  }
}

function figureOf(said: readonly Said[]): LoggedFigure {
  const shown = said.find(({ first }) => first) ?? (said[0] as Said);
  const values = said.map(({ value }) => value);
  return {
    value: shown.value,
    printedUnit: shown.unit,
    rounding: shown.rounding,
    line: shown.line,
    text: shown.text,
    ranks: said.length,
    low: Math.min(...values),
    high: Math.max(...values),
  };
}
