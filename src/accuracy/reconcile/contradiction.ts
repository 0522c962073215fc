import type { Gpu } from '../../hardware/gpu.ts';
import { catalogSpelling } from '../../importers/machine/recognise.ts';
import type { StartupLog } from '../../importers/startupLog/startupLog.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { releaseNamed } from '../observed/releaseNamed.ts';
import type { LogDeployment, ReconcileAsk } from './logDeployment.ts';
import { gpuNamed, gpuSize } from './logGpu.ts';
import { loggedOverheadGiB, NOT_OF_THE_LOG } from './overheadFigures.ts';
import { loadedWeightGiB } from './weightFigures.ts';

/** What the user asks and the log says otherwise, or what no GPU can hold. */
export interface Contradiction {
  /** The option, or the line of the log. */
  readonly where: string;
  readonly value: string;
  /** What the log says, with its line. */
  readonly text: string;
  readonly allowed: string;
}

/** Weights of one checkpoint differ from log to log by less: padding and copies for kernels. */
const WEIGHTS_SHARE = 0.1;

/** `serve.log:8`, or the log alone where no line is known. */
function place({ name }: StartupLog, line: number | null | undefined): string {
  return line === null || line === undefined ? name : `${name}:${line}`;
}

/** Boards of several sizes may share a printed name; their aliases add the size. */
function mayPrint({ id, aliases }: Gpu, printed: string): boolean {
  const spelt = catalogSpelling(printed);
  return [id, ...aliases].some((name) => name === spelt || (name.startsWith(`${spelt}-`) && /^\d+gb$/.test(name.slice(spelt.length + 1))));
}

function ofGpu(log: StartupLog, { gpus }: Catalog, { gpu }: ReconcileAsk): Contradiction[] {
  if (!gpu) return [];
  const printed = log.flags.gpu;
  const named = printed === undefined ? null : gpuNamed(gpus, printed);
  const asked = { where: '--gpu', value: gpu.id };
  if (printed !== undefined && named && named !== gpu && !mayPrint(gpu, printed))
    return [{ ...asked, text: `${place(log, log.places.gpu)} names ${printed}`, allowed: `${named.id}, or no --gpu` }];
  const size = gpuSize(log);
  const seen = gpu.torchTotalGiB?.value;
  if (!size || seen === undefined || (seen >= size.low && seen <= size.high)) return [];
  const text = `${place(log, size.line)} shows ${size.words}, and ${gpu.name} has ${seen} GiB`;
  return [{ ...asked, text, allowed: 'a GPU of that memory, or no --gpu' }];
}

function ofEngine(log: StartupLog, { release, releaseByDefault }: ReconcileAsk): Contradiction[] {
  if (!release) return [];
  const { engine, version } = release;
  if (engine.id !== log.engine) {
    const text = `${place(log, log.places.engine)} is written by ${log.engine}`;
    return [{ where: '--engine', value: engine.id, text, allowed: `${log.engine}, or no --engine` }];
  }
  const printed = log.version === null ? null : releaseNamed(log.version);
  if (releaseByDefault || printed === null || printed === (releaseNamed(version) ?? version)) return [];
  const text = `${place(log, log.places.version)} prints release ${log.version}`;
  return [{ where: '--engine', value: `${engine.id}@${version}`, text, allowed: `${engine.id}@${printed}, or no --engine` }];
}

function ofModel(log: StartupLog, { model }: ReconcileAsk, { deployment, noWeights }: LogDeployment): Contradiction[] {
  const { weights, draftWeights } = log.figures;
  if (!model || !deployment || noWeights !== null || !weights || weights.value <= 0) return [];
  const logged = weights.value + (draftWeights?.value ?? 0);
  const predicted = loadedWeightGiB(log, deployment);
  if (Math.abs(predicted - logged) <= WEIGHTS_SHARE * logged) return [];
  return [
    {
      where: '--model',
      value: `${model.id} in ${deployment.checkpoint.format}`,
      text: `${place(log, weights.line)} loads ${logged.toFixed(2)} GiB of weights per GPU, and this would take ${predicted.toFixed(2)} GiB`,
      allowed: `a model and format whose weights are within ${100 * WEIGHTS_SHARE} % of the log’s, or no --model`,
    },
  ];
}

/** Figures that no start can have. */
function ofFigures(log: StartupLog, { deployment, noBudget }: LogDeployment): Contradiction[] {
  const { weights, kvMemory, kvTokens } = log.figures;
  const total = noBudget === null ? deployment?.gpu.torchTotalGiB?.value : undefined;
  const most = total === undefined ? 'the memory of the GPU' : `${total} GiB, which ${deployment?.gpu.name} has`;
  const found: Contradiction[] = [];
  if (weights && (weights.value <= 0 || weights.value > (total ?? Number.POSITIVE_INFINITY)))
    found.push({
      where: place(log, weights.line),
      value: `${weights.value.toFixed(2)} GiB`,
      text: 'the weights per GPU are impossible',
      allowed: `above 0 and at most ${most}`,
    });
  const overhead = total === undefined || !deployment ? null : loggedOverheadGiB(log, deployment);
  if (overhead !== null && total !== undefined && (overhead < 0 || overhead > total))
    found.push({
      where: place(log, (kvMemory ?? kvTokens)?.line),
      value: `${overhead.toFixed(2)} GiB`,
      text: `the overhead, budget less weights less KV memory, is impossible${overhead < 0 ? `: ${NOT_OF_THE_LOG}` : ''}`,
      allowed: `0 to ${most}`,
    });
  return found;
}

/** What the user asks and the log contradicts, and figures that are impossible; nothing may be calibrated of either. */
export function contradictionsOf(log: StartupLog, catalog: Catalog, ask: ReconcileAsk, found: LogDeployment): Contradiction[] {
  return [...ofGpu(log, catalog, ask), ...ofEngine(log, ask), ...ofModel(log, ask, found), ...ofFigures(log, found)];
}

/** A contradiction as a sentence. */
export function contradictionInWords({ where, value, text }: Contradiction): string {
  return `Warning: ${where} ${value}: ${text}.`;
}
