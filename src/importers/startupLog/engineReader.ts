import { LogRecord } from './logRecord.ts';
import { looksLikeMemory, UnreadLines } from './memoryLike.ts';
import { OUT_OF_MEMORY } from './outOfMemory.ts';
import { masked, type PlainLine, shortText } from './plainLine.ts';
import type { LogEngine, LoggedFlags, LoggedPlaces, StartOutcome, StartupLog } from './startupLog.ts';
import { type EngineWordings, readLine, type Wording } from './wording.ts';

/** Said by kernels and libraries that any engine calls. */
const BY_ANY: readonly Wording[] = [
  ...OUT_OF_MEMORY,
  {
    says: /device_name=(?<gpu>[A-Za-z][\w-]+?)(?:,|\.json|\])/,
    flags: { gpu: (name) => name.replaceAll('_', ' ') },
    flagsOnce: true,
  },
  { says: /[Dd]evice capability (?<computeCapability>\d+\.\d)/, flags: { computeCapability: Number }, flagsOnce: true },
  { says: /(?<platform>\bROCm\b|\baiter\b)/, flags: { platform: () => 'rocm' }, flagsOnce: true },
];

const ERROR =
  /^(?:[\w.]{1,80}\.)?[A-Z]\w{1,60}(?:Error|Exception): \S|^(?:Killed|Aborted)(?:\b|$)|Killed process \d+|\bunable to load model\b/;

/** No engine prints memory or tokens with an exponent; read up to it, the figure would be another. */
const EXPONENT = /\d[eE]\+?\d+ ?(?:tokens?\b|[KMGT]i?B\b)|#tokens: [\d.]+[eE]\+?\d/;

/** Flags without what looks like a token in their texts. */
function maskedFlags(flags: LoggedFlags): LoggedFlags {
  return Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, typeof value === 'string' ? masked(value) : value]));
}

/** What one engine's wordings make of a log, line by line. */
export class EngineReader {
  readonly #wordings: EngineWordings;
  #record = new LogRecord();
  #unread = new UnreadLines();
  #starts = 1;
  #named: LogEngine | null = null;
  #places: LoggedPlaces = {};

  constructor(wordings: EngineWordings) {
    this.#wordings = wordings;
  }

  /** Whether a line has been seen that only this engine writes. */
  get isNamed(): boolean {
    return this.#named !== null;
  }

  /** Figures and buffers that were read. */
  get readings(): number {
    return this.#record.readings;
  }

  /** Takes a line of the log. */
  take(line: PlainLine): void {
    const named = this.#wordings.signature(line.text);
    if (named !== null && this.#named !== 'ik_llama.cpp') this.#named = named;
    if (this.#wordings.opening.test(line.text) && this.#isOver()) this.#begin();
    if (this.#record.outcome?.kind === 'ready') this.#takeAfterReady(line);
    else if (EXPONENT.test(line.text)) this.#unread.add(line);
    else if (!readLine(this.#wordings.wordings, line, this.#record) && !readLine(BY_ANY, line, this.#record)) this.#pass(line);
    if (this.#record.absurd) this.#unread.add(this.#record.absurd);
    this.#record.absurd = null;
    this.#place(line);
  }

  #place({ number }: PlainLine): void {
    const { version, flags } = this.#record;
    if (this.#named !== null) this.#places.engine ??= number;
    if (version !== null) this.#places.version ??= number;
    if (flags.gpu !== undefined) this.#places.gpu ??= number;
  }

  /** A server that is ready may still run out of memory; all else that it writes is no start-up. */
  #takeAfterReady(line: PlainLine): void {
    const ready = this.#record.outcome;
    this.#record.stage = 'ready';
    this.#record.outcome = null;
    readLine(OUT_OF_MEMORY, line, this.#record);
    this.#record.outcome ??= ready;
  }

  #pass(line: PlainLine): void {
    if (ERROR.test(line.text)) this.#record.error ??= { text: shortText(line.text), line: line.number };
    else if (looksLikeMemory(line.text) && !this.#wordings.passedOver.some((known) => known.test(line.text))) this.#unread.add(line);
  }

  #isOver(): boolean {
    return this.#record.outcome !== null || (this.#record.error !== null && this.#record.stage !== 'start');
  }

  #begin(): void {
    this.#record = new LogRecord();
    this.#unread = new UnreadLines();
    this.#places = {};
    this.#starts++;
  }

  #outcome(): StartOutcome {
    const { outcome, stage, error, readyLine } = this.#record;
    if (outcome) return outcome;
    if (readyLine !== null && error === null) return { kind: 'ready', line: readyLine };
    return { kind: 'died', during: stage, error: error?.text ?? null, line: error?.line ?? null };
  }

  /** What the last start says. */
  result(): Omit<StartupLog, 'name' | 'lines' | 'cutLines'> {
    const { version, model, flags, pools, buffers } = this.#record;
    return {
      engine: this.#named ?? this.#wordings.engine,
      version,
      model: model === null ? null : masked(model),
      flags: maskedFlags(flags),
      places: this.#places,
      figures: this.#record.figures(),
      pools,
      buffers,
      outcome: this.#outcome(),
      unread: this.#unread.all(),
      starts: this.#starts,
    };
  }
}
