import type { EngineLaunch, LaunchFacts } from '../catalog/launchFile.ts';
import { checkedImage, isLoopback } from './address.ts';
import type { DeployOptions } from './deployOptions.ts';
import { holds, type LaunchRelease } from './launchFlags.ts';
import { type NodePlan, nodePlan } from './nodes.ts';
import { kTransformersWishes, llamaCppWishes } from './offloadWishes.ts';
import { serverWishes } from './serverWishes.ts';
import { sglangWishes } from './sglangWishes.ts';
import { type StartTime, waitSeconds } from './sizing.ts';
import { isFor, type Subject } from './subject.ts';
import { vllmWishes } from './vllmWishes.ts';
import { type Constraint, granted, settingsFor, type Wish } from './wish.ts';
import { type Argument, ownWord, plainWord } from './word.ts';

/** A variable of the environment, and why it is there. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly why: string;
  readonly source: string;
}

/** A plan as command lines, still as data. */
export interface Launch {
  readonly release: LaunchRelease;
  readonly environment: readonly Variable[];
  /** Words that start the server, the model among them. */
  readonly program: readonly string[];
  /** The same in a container of the image. */
  readonly imageProgram: readonly string[];
  /** Arguments of every node, of the first, and of the others. */
  readonly shared: readonly Argument[];
  readonly head: readonly Argument[];
  readonly workers: readonly Argument[];
  readonly nodes: NodePlan;
  /** The container image with its source; null where none is known. */
  readonly image: { readonly name: string; readonly source: string } | null;
  /** Script of the image that gathers Ray nodes. */
  readonly rayScript: string | null;
  readonly constraints: readonly Constraint[];
  /** What a model asks for and the release lacks. */
  readonly leftOut: readonly string[];
}

function versionOf(version: string | null): string {
  return version === null ? '' : version.split('.').length === 2 ? `${version}.0` : version;
}

function imageOf({ launch, version }: LaunchRelease, subject: Subject, { image }: DeployOptions): Launch['image'] {
  if (image !== undefined) return { name: checkedImage(image), source: 'user' };
  const vendor = subject.gpu?.vendor ?? 'none';
  const known = launch.images.find(
    (one) => one.vendor === vendor && (!one.gfx || one.gfx.includes(subject.gpu?.gfxTarget ?? '')) && holds(one, version),
  );
  return known ? { name: known.image.replace('{version}', versionOf(version)), source: known.source } : null;
}

/** The repository of the external draft: as asked, or as published for the model. */
function draftOf({ launch, version }: LaunchRelease, { model }: Subject, { draftModel }: DeployOptions): string | null {
  if (draftModel !== undefined) return ownWord(draftModel, '--draft-model');
  return launch.drafts.find((one) => one.model === model.id && holds(one, version))?.repository ?? null;
}

/** What nothing on the command line can say. */
function unsaid(subject: Subject, draft: string | null, { modelPath }: DeployOptions): Constraint[] {
  const found: Constraint[] = [];
  if (subject.repository === null && modelPath === undefined)
    found.push({
      code: 'model.repository',
      message: `no repository of ${subject.model.name} in ${subject.format} is known`,
      remedy: '--model-path PATH',
    });
  const kind = subject.kind === 'gpu' ? subject.judged.deployment.draft : undefined;
  if (kind === 'eagle3' && draft === null)
    found.push({
      code: 'draft.repository',
      message: `no Eagle 3 draft of ${subject.model.name} is published for ${subject.engine}${subject.version === null ? '' : ` ${subject.version}`}`,
      remedy: '--draft-model REPOSITORY',
    });
  if (kind === 'mtp' && subject.engine === 'vllm')
    found.push({
      code: 'draft.method',
      message: `vLLM's method for the draft of ${subject.model.name} is not known`,
      remedy: 'a plan without --draft mtp',
    });
  return found;
}

function wishesOf(subject: Subject, release: LaunchRelease, draft: string | null, options: DeployOptions): Wish[] {
  if (subject.kind === 'gpu') return subject.engine === 'vllm' ? vllmWishes(subject, draft) : sglangWishes(subject, draft);
  const wishes = subject.engine === 'llama.cpp' ? llamaCppWishes : kTransformersWishes;
  return wishes(subject, release.launch, options);
}

/** Of wishes with one id the first counts, which is that of the plan. */
function withoutRepeats(wishes: readonly Wish[]): Wish[] {
  return wishes.filter(({ id }, index) => !wishes.slice(0, index).some((earlier) => earlier.id === id));
}

/** Words that start the server, on a machine and in the image, and the model where it is one of them. */
function programsOf(
  { launch, version }: LaunchRelease,
  subject: Subject,
  { modelPath }: DeployOptions,
): Pick<Launch, 'program' | 'imageProgram'> {
  const command = launch.commands.find((one) => holds(one, version)) ?? launch.commands[0];
  if (!command) throw new Error('an engine has a command');
  const model =
    subject.engine === 'llama.cpp'
      ? []
      : [ownWord(modelPath ?? subject.repository ?? 'MODEL', modelPath === undefined ? '--model' : '--model-path')];
  const rest = [...(command.model === null ? [] : [command.model]), ...model];
  return { program: [...command.words, ...rest], imageProgram: [...(command.inImage ?? command.words), ...rest] };
}

/** Variables for the plan, and more patience where a load is longer than the engine waits. */
function environmentOf({ launch, version }: LaunchRelease, subject: Subject, start: StartTime): Variable[] {
  const found = launch.variables
    .filter(({ when, ...range }) => isFor(when, subject) && holds(range, version))
    .map(({ name, value, why, source }) => ({ name, value, why, source }));
  const { startLimit } = launch;
  if (startLimit === null || waitSeconds(start) <= startLimit.seconds || !holds({ since: startLimit.since }, version)) return found;
  const doing = start.fetchSeconds > 0 ? 'fetched and read' : 'read';
  const why = `the files are ${doing} in up to ${waitSeconds(start)} s, and the engine waits ${startLimit.seconds} s unless told`;
  return [...found, { name: startLimit.variable, value: String(start.startupSeconds), why, source: startLimit.source }];
}

/** What a launch lacks that only the user knows. */
function notSaid(
  { engine, model }: Subject,
  { cores, host }: DeployOptions,
  { nodes }: NodePlan,
  { settings, flags }: EngineLaunch,
): string[] {
  const known = settings.some(({ when }) => when.models?.includes(model.id));
  const parses = flags.some(({ id }) => id === 'tool-call-parser');
  return [
    ...(parses && !known ? [`parsers of tool calls and thinking, and whether its code is trusted: not known of ${model.name}`] : []),
    ...(engine === 'ktransformers' && cores === undefined ? ['--kt-cpuinfer, the cores that compute experts: state --cores'] : []),
    ...(nodes > 1 ? ['NCCL_SOCKET_IFNAME and GLOO_SOCKET_IFNAME, the interface between the nodes, where a node has several'] : []),
    ...(isLoopback(host) ? [] : ['a key: whoever reaches the port can use the API']),
  ];
}

/**
 * A plan as command lines: every flag that the plan implies and the release has, with why; what it lacks is a constraint.
 *
 * @throws Fault where a name or path cannot stand on a command line
 */
export function launchOf(subject: Subject, facts: LaunchFacts, options: DeployOptions, start: StartTime): Launch {
  const launch = facts.engines[subject.engine];
  const release: LaunchRelease = { launch, version: subject.version };
  plainWord(options.servedName, '--served-name');
  const draft = draftOf(release, subject, options);
  const nodes = nodePlan(subject, release, options);
  const wishes = withoutRepeats([...wishesOf(subject, release, draft, options), ...settingsFor(launch, subject), ...serverWishes(options)]);
  const shared = granted(release, wishes);
  const [all, head, workers] = [nodes.all, nodes.head, nodes.workers].map((part) => granted(release, part)) as [
    typeof shared,
    typeof shared,
    typeof shared,
  ];
  for (const { value, flag } of shared.arguments) if (typeof value === 'string') plainWord(value, flag);
  const groups = [shared, all, head, workers];
  return {
    release,
    environment: environmentOf(release, subject, start),
    ...programsOf(release, subject, options),
    shared: [...shared.arguments, ...all.arguments],
    head: head.arguments,
    workers: workers.arguments,
    nodes,
    image: imageOf(release, subject, options),
    rayScript: launch.rayScripts.find((one) => holds(one, subject.version))?.path ?? null,
    constraints: [...unsaid(subject, draft, options), ...nodes.constraints, ...groups.flatMap(({ constraints }) => constraints)],
    leftOut: [...groups.flatMap(({ leftOut }) => leftOut), ...notSaid(subject, options, nodes, launch)],
  };
}
