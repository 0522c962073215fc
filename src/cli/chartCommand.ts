import { Fault } from '../faults/fault.ts';
import { PHONE } from '../report/charts/sheet.ts';
import { parseNumber } from '../units/number.ts';
import { DRAWS, type Words } from './chartDraws.ts';
import { chartFile, drawn } from './chartFile.ts';
import type { ChartName } from './chartNames.ts';
import { EXIT, type Io } from './io.ts';

const MOST_SCALE = 8;

/** Draws one chart of an answer into a file, or as SVG on stdout. */
export async function runChart(name: ChartName, words: Words, io: Io): Promise<number> {
  const { out, dark = false, phone = false, force = false } = words;
  const file = out === undefined || out === '-' ? null : chartFile(out, '--out');
  const scale = words.scale === undefined ? 1 : parseNumber(words.scale, '--scale', { above: 0, max: MOST_SCALE });
  if (words.scale !== undefined && file?.kind !== 'png')
    throw new Fault('contradiction', 'pixels are those of a PNG', { where: '--scale', value: words.scale, allowed: 'with --out FILE.png' });
  const { checkOutputs, writeOutputs } = await import('../report/output.ts');
  if (file) checkOutputs([file], { force });
  const { spec, warnings } = await DRAWS[name](words, io, phone ? PHONE : undefined);
  const content = await drawn(spec, file?.kind ?? 'svg', { dark, scale });
  if (file) writeOutputs([{ ...file, content }], { force });
  else io.write(String(content));
  for (const warning of warnings) io.warn(`kplan: ${warning}\n`);
  if (file) io.warn(`kplan: wrote ${file.path}\n`);
  return EXIT.done;
}
