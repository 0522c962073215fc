import { Fault } from '../../faults/fault.ts';
import { isVariableName, looksLikeKey } from '../client/keyShape.ts';
import type { EmitFor, EmitTarget } from './emit.ts';
import { quoted } from './quoted.ts';

/** Variables that a load generator reads the key from; GuideLLM and AIPerf take it as an option, a Job from its secret. */
const READ_FROM: Readonly<Record<EmitTarget, readonly string[]>> = {
  'vllm-bench': ['OPENAI_API_KEY'],
  'sglang-bench': ['OPENAI_API_KEY'],
  guidellm: [],
  aiperf: [],
  'k8s-job': [],
};

/**
 * Checks that a text can name an environment variable, as it stands unquoted in a script.
 *
 * @throws Fault `invalid` that does not repeat the text, which may be the key itself
 * @example checkedKeyEnv('MYKEY') // 'MYKEY'
 */
export function checkedKeyEnv(keyEnv: string | null): string | null {
  if (keyEnv === null || (isVariableName(keyEnv) && !looksLikeKey(keyEnv))) return keyEnv;
  throw new Fault('invalid', 'not the name of an environment variable', {
    where: '--key-env',
    allowed: 'the name, not the key: letters, digits and underscores, such as KPLAN_KEY',
  });
}

/**
 * The lines that hand the key on to a load generator: the name of its variable, never the key.
 *
 * @example keyLines('vllm-bench', 'MYKEY') // ['export OPENAI_API_KEY="$MYKEY"']
 */
export function keyLines(target: EmitTarget, keyEnv: string | null): string[] {
  return keyEnv === null ? [] : READ_FROM[target].map((name) => `export ${name}="$${keyEnv}"`);
}

/** What a script says and does about the key. */
export interface EmittedKey {
  /** The variable that holds it when the steps run; null where none does. */
  readonly env: string | null;
  readonly lines: readonly string[];
  /** Lines that begin with `#`. */
  readonly comments: readonly string[];
}

/** A key that a script reads itself stands in this variable. */
const READ_INTO = 'KPLAN_KEY';

const NOT_IN_A_POD = '# no key in this script: the file of --key-file is on no pod; --key-env NAME takes it from a secret';

/**
 * How a script comes by the key: from its variable, or from its file when it runs, which a Job does not have.
 *
 * @throws Fault `invalid` where the variable cannot be called so, `contradiction` where a file is named, too
 * @example emittedKey('aiperf', { keyEnv: null, keyFile: "my key" }).lines // ["KPLAN_KEY=\"$(cat -- 'my key')\""]
 */
export function emittedKey(target: EmitTarget, { keyEnv, keyFile }: Pick<EmitFor, 'keyEnv' | 'keyFile'>): EmittedKey {
  const env = checkedKeyEnv(keyEnv);
  if (keyFile === undefined) return { env, lines: keyLines(target, env), comments: [] };
  if (env !== null)
    throw new Fault('contradiction', 'a key is named twice', { where: '--key-file', allowed: 'an environment variable or a file' });
  if (target === 'k8s-job') return { env: null, lines: [], comments: [NOT_IN_A_POD] };
  const read = `${READ_INTO}="$(cat -- ${quoted(keyFile)})"`;
  return { env: READ_INTO, lines: [read, ...keyLines(target, READ_INTO)], comments: [] };
}
