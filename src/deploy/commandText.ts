import type { Launch } from './launch.ts';
import { RAY_PORT } from './nodes.ts';
import { type Argument, argumentText, argumentWords, NODE_VARIABLES, type NodeVariables, shellWord, type Word } from './word.ts';

/** Which node of a replica: the only one, the first of several, or another. */
export type Role = 'only' | 'head' | 'worker';

/** The roles that a replica has. */
export function rolesOf({ nodes }: Pick<Launch, 'nodes'>): Role[] {
  return nodes.nodes === 1 ? ['only'] : ['head', 'worker'];
}

/** The ranks of all nodes but the first, in words. */
export function otherRanks(nodes: number): string {
  return nodes === 2 ? '1' : `1 to ${nodes - 1}`;
}

/** The arguments of a role. */
export function argumentsOf({ shared, head, workers }: Launch, role: Role): Argument[] {
  return role === 'only' ? [...shared] : [...shared, ...(role === 'head' ? head : workers)];
}

/** All words of a role's command, for a process that is started without a shell. */
export function commandWords(launch: Launch, role: Role): Word[] {
  return [...launch.program, ...argumentsOf(launch, role).flatMap(argumentWords)];
}

/** The first node knows its rank. */
function rankKnown(argument: Argument, role: Role): Argument {
  const { value } = argument;
  return role === 'head' && typeof value === 'object' && value?.blank === 'rank' ? { ...argument, value: '0' } : argument;
}

/** How Ray gathers the nodes before the server starts: by the script of the image, or by its own commands. */
function rayLines(launch: Launch, role: Role, names: NodeVariables, script: string | null): string[] {
  const { leader } = names;
  if (script !== null) {
    const run = `bash ${shellWord(script)}`;
    return role === 'head' ? [`${run} leader --ray_cluster_size=${launch.nodes.nodes}`] : [`exec ${run} worker --ray_address="$${leader}"`];
  }
  return role === 'head' ? [`ray start --head --port=${RAY_PORT}`] : [`exec ray start --address="$${leader}:${RAY_PORT}" --block`];
}

/**
 * The command of a role for a POSIX shell, one argument a line; everything that user or catalog can set is quoted.
 *
 * @param names variables that hold what only the node knows
 * @param script Ray's script of the image, where it is run in one
 */
export function commandText(
  launch: Launch,
  role: Role,
  {
    names = NODE_VARIABLES,
    script = null,
    exec = false,
  }: { readonly names?: NodeVariables; readonly script?: string | null; readonly exec?: boolean } = {},
): string {
  const ray = launch.nodes.rendezvous === 'ray' && role !== 'only' ? rayLines(launch, role, names, script) : [];
  if (ray.length > 0 && role === 'worker') return ray.join('\n');
  const first = `${exec ? 'exec ' : ''}${launch.program.map((word) => shellWord(word, names)).join(' ')}`;
  const lines = argumentsOf(launch, role).map((argument) => argumentText(rankKnown(argument, role), names));
  return [...ray, [first, ...lines].join(' \\\n  ')].join('\n');
}

/** The variables of a launch as `export` lines. */
export function exportLines({ environment }: Pick<Launch, 'environment'>): string[] {
  return environment.map(({ name, value }) => `export ${name}=${shellWord(value)}`);
}
