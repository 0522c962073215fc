import { fieldOf } from './fieldValues.ts';
import { kimiUsage } from './formats/kimiCli.ts';

type Plain = Readonly<Record<string, unknown>>;

/** Lists that documents keep their rows in. */
const LISTS = ['daily', 'sessions', 'session', 'monthly', 'weekly', 'data', 'results', 'observations'] as const;

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The calls of a coding session, each with what its session says. */
function callsOf(session: Plain): readonly unknown[] | null {
  const calls = fieldOf(session, 'requests');
  if (!Array.isArray(calls) || !Object.hasOwn(session, 'block_size')) return null;
  const of = { session: fieldOf(session, 'id'), block_size: fieldOf(session, 'block_size') };
  return calls.map((call) => (isPlain(call) ? { ...call, ...of } : call));
}

/** The records that a JSON value holds: itself, those of its list, or the calls of its session. */
export function recordsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => recordsIn(each));
  if (!isPlain(value)) return [value];
  const calls = callsOf(value);
  if (calls) return calls;
  for (const name of LISTS) {
    const list = fieldOf(value, name);
    if (Array.isArray(list) && (list.length === 0 || list.some(isPlain))) return list;
  }
  return [value];
}

/** The names by which a record is recognised; a status update of Kimi CLI by its usage block, wherever that lies. */
export function namesOf(record: Plain): readonly string[] {
  const names = Object.keys(record);
  return kimiUsage(record) === null ? names : [...names, 'token_usage'];
}
