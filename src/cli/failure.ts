import { CommanderError } from 'commander';
import { Fault, printable } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import { EXIT, type Io } from './io.ts';

/** The document that stands on stdout where a result would have, under `--json`. */
interface ErrorDocument {
  readonly schema: 'kplan/error@1';
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly where: string | null;
    readonly value: string | null;
    readonly allowed: string | null;
    readonly nearest: readonly string[];
  };
}

function document(code: string, message: string, details: Partial<Omit<ErrorDocument['error'], 'code' | 'message'>> = {}): ErrorDocument {
  return { schema: 'kplan/error@1', error: { code, message, where: null, value: null, allowed: null, nearest: [], ...details } };
}

/** commander's words for a misspelt option or command, as kplan's own fault. */
function usageFault(error: CommanderError, known: readonly string[]): Fault {
  const reason = error.message.replace(/^error: /, '').replace(/\n?\(Did you mean .*\)$/s, '');
  const value = /'([^']*)'/.exec(reason)?.[1] ?? '';
  const option = error.code === 'commander.unknownOption' || error.code === 'commander.unknownCommand';
  const code = option ? 'unknown' : error.code === 'commander.optionMissingArgument' || error.code.startsWith('commander.missing') ? 'missing' : 'invalid';
  return new Fault(code, reason, {
    where: option ? (error.code === 'commander.unknownOption' ? 'option' : 'command') : value || 'command line',
    ...(value === '' ? {} : { value }),
    allowed: 'what `kplan --help` and `kplan COMMAND --help` list',
    ...(option ? { nearest: nearestNames(value, known) } : {}),
  });
}

/**
 * Says what went wrong: one line on stderr or one document on stdout, and the exit code.
 * Only a defect of kplan itself yields 1.
 */
export function reportFailure(error: unknown, io: Io, { json, known }: { readonly json: boolean; readonly known: readonly string[] }): number {
  const fault = error instanceof CommanderError ? usageFault(error, known) : error;
  if (fault instanceof Fault) {
    const { where, value, allowed = null, nearest = [] } = fault.details;
    if (json) {
      io.write(`${JSON.stringify(document(fault.code, fault.message, { where, value: value === undefined ? null : printable(value), allowed, nearest }), null, 2)}\n`);
    } else {
      io.warn(`kplan: ${fault.message}\n`);
    }
    return EXIT.badInput;
  }
  const message = `internal error: ${error instanceof Error ? error.message : printable(error)}`;
  if (json) io.write(`${JSON.stringify(document('internal', message), null, 2)}\n`);
  else io.warn(`kplan: ${message}; please report it with the command line\n`);
  return EXIT.internal;
}
