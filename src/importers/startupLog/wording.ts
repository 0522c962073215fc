import type { Again, LogRecord } from './logRecord.ts';
import type { PlainLine } from './plainLine.ts';
import { isMemoryUnit } from './printedNumber.ts';
import type { FigureName, LogEngine, LoggedFlags, Stage } from './startupLog.ts';

/** What a wording captured, by name; groups that took no part are undefined. */
export type Groups = Readonly<Record<string, string | undefined>>;

/** How the text of a group is read into a flag of its name. */
type FlagReaders = { readonly [name in keyof LoggedFlags]?: (text: string) => NonNullable<LoggedFlags[name]> };

/**
 * One way in which an engine words a line. What its pattern captures is named by the groups: figures and flags of those names, and the
 * `version` and `model`, of which the first that a log states stand.
 */
export interface Wording {
  readonly says: RegExp;
  /** Units of the figures that the groups capture, empty for a count; a group `unit` overrules those of memory. */
  readonly figures?: Readonly<Partial<Record<FigureName, string>>>;
  readonly again?: Again;
  readonly flags?: FlagReaders;
  /** Flags that are set already stand. */
  readonly flagsOnce?: true;
  /** The stage that the line shows the start to be in. */
  readonly stage?: Stage;
  readonly note?: (groups: Groups, record: LogRecord, line: PlainLine) => void;
}

/** How one engine writes its log. */
export interface EngineWordings {
  readonly engine: LogEngine;
  /** The engine, where the line is one that no other engine writes. */
  readonly signature: (text: string) => LogEngine | null;
  /** A line that opens a start; after the end of one it opens the next. */
  readonly opening: RegExp;
  readonly wordings: readonly Wording[];
  /** Lines with figures that are none of the GPU's memory. */
  readonly passedOver: readonly RegExp[];
}

/**
 * Reads a line by the first wording that takes it.
 *
 * @returns whether one did
 */
export function readLine(wordings: readonly Wording[], line: PlainLine, record: LogRecord): boolean {
  for (const wording of wordings) {
    const found = wording.says.exec(line.text);
    if (!found) continue;
    take(wording, found.groups ?? {}, line, record);
    return true;
  }
  return false;
}

function take(
  { figures = {}, again, flags = {}, flagsOnce, stage, note }: Wording,
  groups: Groups,
  line: PlainLine,
  record: LogRecord,
): void {
  const { unit: named, version, model } = groups;
  record.version ??= version ?? null;
  record.model ??= model ?? null;
  for (const [name, unit] of Object.entries(figures)) {
    const printed = groups[name];
    if (printed !== undefined) record.figure(name as FigureName, printed, named && isMemoryUnit(unit) ? named : unit, line, again);
  }
  for (const [name, read] of Object.entries(flags)) {
    const text = groups[name];
    const stands = flagsOnce && record.flags[name as keyof LoggedFlags] !== undefined;
    if (text !== undefined && !stands) Object.assign(record.flags, { [name]: read(text.trim()) });
  }
  if (stage !== undefined) record.reach(stage);
  note?.(groups, record, line);
}

/** A captured number, or null. */
export function numberIn(text: string | undefined): number | null {
  return text === undefined ? null : Number(text.replaceAll(',', ''));
}
