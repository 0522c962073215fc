import { CommanderError } from 'commander';
import { Fault, inert } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import type { ErrorDocument } from '../report/errorDocument.ts';
import { EXIT, type Io } from './io.ts';

function document(code: string, message: string, details: Partial<Omit<ErrorDocument['error'], 'code' | 'message'>> = {}): ErrorDocument {
  return { schema: 'kplan/error@1', error: { code, message, where: null, value: null, allowed: null, nearest: [], ...details } };
}

const HELP = 'what `kplan --help` and `kplan COMMAND --help` list';

/** commander's words for bad usage, as kplan's own fault. */
function usageFault({ code, message }: CommanderError, known: readonly string[]): Fault {
  // What stands behind `=` may be a secret, as in `--key=…`.
  const quoted = (/'([^']*)'/.exec(message)?.[1] ?? '').replace(/^(--[\w-]*)=.*$/s, '$1');
  switch (code) {
    case 'commander.unknownOption':
    case 'commander.unknownCommand': {
      const where = code === 'commander.unknownOption' ? 'option' : 'command';
      return new Fault('unknown', `no such ${where}`, { where, value: quoted, allowed: HELP, nearest: nearestNames(quoted, known) });
    }
    case 'commander.help':
      return new Fault('missing', 'no command', { where: 'command', allowed: HELP });
    case 'commander.optionMissingArgument':
      return new Fault('missing', 'no value', { where: (quoted.split(' ')[0] ?? quoted).replace(/,$/, ''), allowed: HELP });
    case 'commander.missingArgument':
      return new Fault('missing', 'no value', { where: quoted.toUpperCase(), allowed: HELP });
    default:
      return new Fault('invalid', message.replace(/^error: |\.$/g, ''), { where: 'command line', allowed: HELP });
  }
}

/**
 * Says what went wrong: one line on stderr or one document on stdout, and the exit code.
 * Only a defect of kplan itself yields 1.
 */
export function reportFailure(
  error: unknown,
  io: Io,
  { json, known }: { readonly json: boolean; readonly known: readonly string[] },
): number {
  const fault = error instanceof CommanderError ? usageFault(error, known) : error;
  if (fault instanceof Fault) {
    const { where, value, allowed = null, nearest = [] } = fault.details;
    if (json) {
      io.write(
        `${JSON.stringify(document(fault.code, fault.message, { where, value: value === undefined ? null : inert(value), allowed, nearest }), null, 2)}\n`,
      );
    } else {
      io.warn(`kplan: ${fault.message}\n`);
    }
    return fault.code === 'unavailable' ? EXIT.unavailable : EXIT.badInput;
  }
  const message = `internal error: ${error instanceof Error ? error.message : inert(error)}`;
  if (json) io.write(`${JSON.stringify(document('internal', message), null, 2)}\n`);
  else io.warn(`kplan: ${message}; please report it with the command line\n`);
  return EXIT.internal;
}
