import type { LaunchFacts } from '../catalog/launchFile.ts';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { FitAnswer } from '../plan/fit/fitAnswer.ts';
import type { OffloadAnswer } from '../plan/offload/offloadAnswer.ts';
import type { DeployAnswer } from '../report/schema/deploy.ts';
import { checkNumber } from '../units/number.ts';
import { checkedHost, checkedUrl } from './address.ts';
import { calibrateLines } from './calibrateLine.ts';
import { type Client, clientsOf } from './clients/client.ts';
import { argumentsOf, commandText, rolesOf } from './commandText.ts';
import { verdictConstraints } from './constraints.ts';
import { deployEvidence, fetchRate, loadRate, questionOf } from './deployEvidence.ts';
import { deployFiles, serviceOrFault } from './deployFiles.ts';
import type { DeployOptions } from './deployOptions.ts';
import type { DeployQuery } from './deployQuery.ts';
import { gpuPlan } from './gpuSubject.ts';
import { type Launch, launchOf } from './launch.ts';
import { portsTaken } from './nodes.ts';
import { offloadPlan } from './offloadSubject.ts';
import { answerInWords } from './planWords.ts';
import { serviceOf } from './service.ts';
import { checkedServiceName, serviceNameOf } from './serviceName.ts';
import { roomFor, startTime } from './sizing.ts';
import type { Subject } from './subject.ts';
import { plainWord } from './word.ts';

/** An answer, and why no files for containers are part of it. */
export interface Deployed {
  readonly answer: DeployAnswer;
  readonly withoutContainers: Fault | null;
}

interface Planned {
  readonly subject: Subject;
  readonly answer: FitAnswer | OffloadAnswer;
  readonly copies: number;
}

function planned({ plan, row }: DeployQuery, catalog: Catalog): Planned {
  return plan.kind === 'gpu' ? gpuPlan(plan.query, row, catalog) : { ...offloadPlan(plan.query, row, catalog), copies: 1 };
}

/** @throws Fault where an option is of another engine or plan */
function checkOptions({ cores, numaNodes, ray, draftModel, modelPath }: DeployQuery, subject: Subject): void {
  const refuse = (where: string, allowed: string) => {
    throw new Fault('unsupported', 'it is of another plan', { where, allowed });
  };
  const isKTransformers = subject.engine === 'ktransformers';
  const isGguf = modelPath !== undefined && /\.gguf$/i.test(modelPath);
  if (modelPath !== undefined && isGguf !== (subject.engine === 'llama.cpp'))
    throw new Fault('contradiction', isGguf ? 'the plan is of no GGUF file' : 'llama.cpp starts with a file', {
      where: '--model-path',
      value: modelPath,
      allowed: isGguf ? 'the folder of the checkpoint' : 'the first .gguf file of the model',
    });
  if (cores !== undefined && !isKTransformers) refuse('--cores', '--engine ktransformers');
  if (numaNodes !== undefined && !isKTransformers) refuse('--numa-nodes', '--engine ktransformers');
  if (ray && subject.engine !== 'vllm') refuse('--ray', '--engine vllm');
  if (draftModel !== undefined && (subject.kind !== 'gpu' || subject.judged.deployment.draft !== 'eagle3'))
    refuse('--draft-model', '--draft eagle3');
}

function optionsOf(query: DeployQuery, subject: Subject, facts: LaunchFacts): DeployOptions {
  checkOptions(query, subject);
  const { engine, model } = subject;
  const { servedName = model.id, host = '0.0.0.0', port = facts.engines[engine].port.value, ray = false } = query;
  return {
    ...query,
    servedName: plainWord(servedName, '--served-name'),
    host: checkedHost(host),
    port: checkNumber(port, '--port', { min: 1, max: 65_535, integer: true }),
    ray,
  };
}

function planOf(subject: Subject): DeployAnswer['plan'] {
  const { key, model, format, engine, version, gpu, gpus, contextTokens, verdict, binding, remedy } = subject;
  return {
    key,
    model: model.id,
    format,
    engine,
    engineVersion: version,
    gpu: gpu?.id ?? null,
    gpus,
    layout: subject.kind === 'gpu' ? { ...subject.judged.deployment.layout, dp: 1 } : null,
    contextTokens,
    verdict,
    binding,
    remedy: remedy === null ? null : { ...remedy, change: { ...remedy.change } },
  };
}

/** The command lines as the answer shows them. */
function launchPart(launch: Launch): Pick<DeployAnswer, 'nodes' | 'gpusPerNode' | 'rendezvous' | 'image' | 'leftOut'> {
  const { nodes, gpusPerNode, rendezvous } = launch.nodes;
  return { nodes, gpusPerNode, rendezvous, image: launch.image?.name ?? null, leftOut: [...launch.leftOut] };
}

function commandsOf(launch: Launch): DeployAnswer['commands'] {
  return rolesOf(launch).map((role) => ({
    role,
    text: commandText(launch, role),
    program: [...launch.program],
    arguments: argumentsOf(launch, role).map((argument) => ({ ...argument })),
  }));
}

/** The whole address at which clients reach the deployment. */
function addressOf({ url }: DeployQuery, { port }: DeployOptions): string {
  return checkedUrl(url ?? `http://localhost:${port}`);
}

/** What an answer holds where its plan is written. */
type Written = Pick<DeployAnswer, 'environment' | 'commands' | 'clients' | 'calibrate' | 'files'>;

const NOTHING: Written = { environment: [], commands: [], clients: [], calibrate: [], files: [] };

function plainClient({ rules, ...client }: Client): DeployAnswer['clients'][number] {
  return { ...client, environment: { ...client.environment }, request: { ...client.request }, rules: [...rules] };
}

/**
 * What runs a plan: command lines with why of each flag, files for containers, clients, and the line that checks it.
 *
 * A plan that does not hold, or that the release cannot be told, is not written: the answer says what stands against it and what would
 * help. `force` writes it with that at the top of every file.
 *
 * @param query the plan as a question of `fit`, and how it is to be run
 * @param catalog facts, from `kplan/catalog`
 * @param facts what command lines have, release by release
 * @returns the answer, and why it has no files for containers where it has none
 * @throws Fault for bad input; a plan that does not hold is a result
 * @example deploy({ plan: { kind: 'gpu', query: { gpu: ['h200:8'] } } }, loadCatalog(), loadLaunch()).answer.written // true
 */
export function deploy(query: DeployQuery, catalog: Catalog, facts: LaunchFacts): Deployed {
  const { subject, answer: judged, copies } = planned(query, catalog);
  const options = optionsOf(query, subject, facts);
  const rate = loadRate(query, catalog);
  const start = startTime(subject, rate, fetchRate(query, subject, rate, catalog));
  const launch = launchOf(subject, facts, options, start);
  if (portsTaken(launch.nodes, subject.engine).includes(options.port))
    throw new Fault('contradiction', 'the nodes of a replica meet on this port', {
      where: '--port',
      value: options.port,
      allowed: 'another port',
    });
  const constraints = [...verdictConstraints(subject, query.acceptMarginal === true), ...launch.constraints];
  const forced = constraints.length > 0 && query.force === true;
  const written = constraints.length === 0 || forced;
  const replicas = checkNumber(query.replicas ?? copies, '--replicas', { min: 1, max: 1e5, integer: true });
  const leastReplicas = checkNumber(query.leastReplicas ?? replicas - 1, '--least-replicas', { min: 0, max: replicas, integer: true });
  const name = query.name === undefined ? serviceNameOf(subject.model.id) : checkedServiceName(query.name);
  const sizing = { ...roomFor(subject, launch.nodes.gpusPerNode), ...start };
  const service = serviceOrFault(() => serviceOf(name, subject, launch, options, { sizing, replicas, leastReplicas }));
  const url = addressOf(query, options);

  const whenWritten = (): Written => {
    const { servedName } = options;
    const { model, engine, contextTokens } = subject;
    const clients = clientsOf({ model, engine, release: launch.release, url, servedName, contextTokens }, facts);
    const calibrate = calibrateLines(subject, url, servedName, query.namedModel);
    const banner = {
      plan: answerInWords(subject, launch, constraints, written),
      forced: forced ? constraints.map(({ message }) => message) : [],
      notes: [...subject.notes, `Facts as of ${catalog.date}`],
    };
    return {
      environment: launch.environment.map((one) => ({ ...one })),
      commands: commandsOf(launch),
      clients: clients.map(plainClient),
      calibrate,
      files: deployFiles(launch, service, { clients, calibrate, banner }),
    };
  };

  const evidence = deployEvidence(judged, { query, launch, replicas, start, rate }, catalog, facts);
  const withoutContainers = service instanceof Fault ? service : null;
  return {
    withoutContainers,
    answer: {
      schema: 'kplan/deploy@1',
      query: questionOf(judged, subject.key),
      answer: answerInWords(subject, launch, constraints, written),
      plan: planOf(subject),
      written,
      forced,
      constraints: constraints.map((one) => ({ ...one })),
      ...launchPart(launch),
      notes: [...subject.notes],
      replicas,
      sizing,
      ...(written ? whenWritten() : NOTHING),
      ...evidence,
      warnings: [...evidence.warnings, ...(withoutContainers ? [`no files for containers: ${withoutContainers.message}`] : [])],
    },
  };
}
