import { Fault } from '../../faults/fault.ts';
import { isVariableName, looksLikeKey } from '../client/keyShape.ts';
import type { EmitTarget } from './emit.ts';

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
