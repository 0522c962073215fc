import { quoted } from '../calibration/emit/quoted.ts';
import type { Remedy } from '../plan/fit/fitAnswer.ts';
import { verdictInWords } from '../plan/fit/fitWords.ts';
import type { Subject } from './subject.ts';
import type { Constraint } from './wish.ts';

function remedyText(remedy: Remedy | null): string | null {
  if (remedy === null) return null;
  const options = Object.entries(remedy.change).map(([name, value]) => `--${name} ${quoted(String(value))}`);
  return `${options.join(' ')} (${remedy.message})`;
}

/** What the verdict has against a launch: nothing where it fits, or is marginal and that is accepted. */
export function verdictConstraints({ verdict, binding, remedy }: Subject, acceptMarginal: boolean): Constraint[] {
  if (verdict === 'fits' || (verdict === 'marginal' && acceptMarginal)) return [];
  const help = remedyText(remedy);
  const message = `it ${verdict === 'invalid' || verdict === 'marginal' ? 'is ' : ''}${verdictInWords(verdict)}: ${binding.message}`;
  if (verdict !== 'marginal') return [{ code: binding.code, message, remedy: help }];
  return [{ code: 'marginal', message, remedy: help === null ? '--accept-marginal' : `--accept-marginal, or ${help}` }];
}
