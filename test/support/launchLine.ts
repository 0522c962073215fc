import { execFileSync } from 'node:child_process';

/** A launch line taken apart: variables, words that start the server, and flags with their values. */
export interface LaunchLine {
  readonly environment: Readonly<Record<string, string>>;
  readonly program: readonly string[];
  readonly flags: ReadonlyMap<string, string | null>;
}

/** Short and older names of flags, by the full name that kplan prints. */
const ALIASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  vllm: { '-tp': '--tensor-parallel-size', '-pp': '--pipeline-parallel-size', '-dcp': '--decode-context-parallel-size' },
  sglang: {
    '--tp': '--tp-size',
    '--dp': '--dp-size',
    '--ep': '--ep-size',
    '--model': '--model-path',
    '--tensor-parallel-size': '--tp-size',
  },
  ktransformers: { '--model': '--model-path' },
  'llama.cpp': { '-hf': '--hf-repo', '-ot': '--override-tensor' },
};

/** The words of a command line as a shell takes them, variables left as they are named. */
export function shellWords(line: string): string[] {
  const plain = line.replaceAll('$', '\\$').replace(/'[^']*'/g, (quoted) => quoted.replaceAll('\\$', '$'));
  const text = execFileSync('bash', ['-c', `printf '%s\\0' ${plain.replace(/\\\n/g, ' ')}`], { encoding: 'utf8' });
  return text.split('\0').slice(0, -1);
}

/** Takes a published or printed line apart. */
export function launchLine(line: string, engine: string): LaunchLine {
  const words = shellWords(line.replace(/^(export [A-Z0-9_]+=\S+)\n/gm, (_, set: string) => `${set.replace('export ', '')} `));
  const environment: Record<string, string> = {};
  while (/^[A-Z][A-Z0-9_]*=/.test(words[0] ?? '')) {
    const [name = '', value = ''] = (words.shift() ?? '').split(/=(.*)/s);
    environment[name] = value;
  }
  const first = words.findIndex((word) => /^--?[a-z]/.test(word) && word !== '-m');
  const program = words.slice(0, first);
  const flags = new Map<string, string | null>();
  for (let at = first; at < words.length; at++) {
    const [name = '', joined] = (words[at] ?? '').split(/=(.*)/s);
    const next = words[at + 1];
    const takes = joined === undefined && next !== undefined && !/^--?[a-z]/.test(next);
    flags.set(ALIASES[engine]?.[name] ?? name, joined ?? (takes ? next : null));
    if (takes) at++;
  }
  return { environment, program, flags };
}

function entries({ environment, program, flags }: LaunchLine): string[] {
  const of = [...flags].map(([flag, value]) => (value === null ? flag : `${flag} ${value}`));
  return [...Object.entries(environment).map(([name, value]) => `${name}=${value}`), program.join(' '), ...of];
}

/** What only the published line has (`-`) and what only kplan's has (`+`), in alphabetical order. */
export function lineDifferences(published: LaunchLine, printed: LaunchLine): string[] {
  const [theirs, ours] = [entries(published), entries(printed)];
  return [
    ...theirs.filter((one) => !ours.includes(one)).map((one) => `- ${one}`),
    ...ours.filter((one) => !theirs.includes(one)).map((one) => `+ ${one}`),
  ].sort();
}
