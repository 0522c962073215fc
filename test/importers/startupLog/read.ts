import { readStartupLog } from '../../../src/importers/startupLog/readStartupLog.ts';
import type { FigureName, StartupLog } from '../../../src/importers/startupLog/startupLog.ts';

/** Reads a log that a test writes. */
export function readText(text: string, name = 'serve.log'): Promise<StartupLog> {
  return readStartupLog([new TextEncoder().encode(text)], name);
}

/** The values of figures, without where they stand. */
export function valuesOf({ figures }: StartupLog): Partial<Record<FigureName, number>> {
  return Object.fromEntries(Object.entries(figures).map(([name, { value }]) => [name, value]));
}
