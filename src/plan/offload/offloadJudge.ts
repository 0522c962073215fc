import { type Estimate, estimate } from '../../evidence/estimate.ts';
import type { Origin, Term } from '../../evidence/term.ts';
import type { Verdict } from '../../memory/memoryPlan.ts';
import { type ByEnd, ENDS, type End } from '../../memory/offload/offloadEnds.ts';
import { formatGB } from '../../units/bytes.ts';
import type { Binding } from '../fit/fitAnswer.ts';
import type { OffloadPlacement } from './offloadAnswer.ts';
import type { OffloadCase } from './offloadQuestion.ts';

/** What a host needs for a model in one of the cases, however the engine places it. */
export interface Need {
  readonly placement: OffloadPlacement;
  /** On all GPUs together. */
  readonly gpuWeightBytes: number;
  readonly kvBytes: number;
  readonly gpuOverheadBytes: number;
  /** What one GPU lacks; 0 where it has room. */
  readonly gpuLacksBytes: number;
  readonly ramNeededBytes: number;
  /** Less than which cannot be read again from the disk: KV cache, the process, and a layer at a time. */
  readonly ramLeastBytes: number;
  readonly launchOptions: readonly string[];
  /** How these figures came about. */
  readonly terms: () => readonly Term[];
}

/** The needs of an offload case with the verdict on them. */
export interface JudgedOffload {
  readonly question: OffloadCase;
  readonly verdict: Verdict;
  readonly binding: Binding;
  /** null where the question is invalid. */
  readonly needs: ByEnd<Need> | null;
  /** The case that the placement is taken from: the worst that has room. */
  readonly shown: End;
  readonly fileBytes: Estimate | null;
  readonly diskNeededBytes: number | null;
}

/** What a judgement of one engine's needs knows beside them. */
export interface Demand {
  readonly question: OffloadCase;
  readonly needs: ByEnd<Need>;
  readonly fileBytes: Estimate;
  readonly diskNeededBytes: number;
  /** Whether what RAM does not hold can be read from the disk while serving. */
  readonly readsFromDisk: boolean;
  /** Where the size of the files is written, and what RAM and GPUs need beside weights and KV cache. */
  readonly sources: Readonly<Record<'file' | 'ram' | 'gpu', Origin>>;
}

function hasRoom({ gpuLacksBytes, ramNeededBytes }: Need, { host }: OffloadCase): boolean {
  return gpuLacksBytes === 0 && ramNeededBytes <= host.ramBytes;
}

function placementInWords({ kind, onGpus, of }: OffloadPlacement): string {
  if (kind === 'layers') return onGpus === 0 ? 'nothing on GPUs' : `${onGpus} of ${of} layers on the GPUs`;
  if (kind === 'experts-per-layer') return `${onGpus} of ${of} experts of each layer on the GPUs`;
  if (onGpus === 0) return 'all experts in RAM';
  return onGpus === of ? 'all layers with their experts on the GPUs' : `the experts of ${onGpus} of ${of} layers on the GPUs`;
}

function ramInWords({ low, high }: Demand['needs'], { host }: OffloadCase): string {
  const most = high.ramNeededBytes > low.ramNeededBytes ? 'at most ' : '';
  return `${most}${formatGB(high.ramNeededBytes, 0)} of ${formatGB(host.ramBytes, 0)} RAM`;
}

/** RAM that is needed against RAM that there is. */
function ramNeededInWords({ low, value, high }: Demand['needs'], { host }: OffloadCase, withWhat = ''): string {
  const [least, middle, most] = [low, value, high].map(({ ramNeededBytes }) => formatGB(ramNeededBytes, 0));
  const band = least === most ? '' : ` (${least} to ${most})`;
  return `${middle}${band} of RAM are needed${withWhat}, there are ${formatGB(host.ramBytes, 0)}`;
}

function diskBinding({ question: { host }, diskNeededBytes, sources }: Demand): Binding | null {
  if (host.diskBytes === null || host.diskBytes >= diskNeededBytes) return null;
  const message = `the files take ${formatGB(diskNeededBytes, 0)} of disk, there are ${formatGB(host.diskBytes, 0)}`;
  return { code: 'disk', message, source: sources.file };
}

/** Why no case has room: a GPU, or RAM. */
function shortage({ question, needs, sources }: Demand): Binding {
  const { low, value } = needs;
  if (low.gpuLacksBytes > 0) {
    const message = `each GPU lacks ${formatGB(value.gpuLacksBytes)} (at least ${formatGB(low.gpuLacksBytes)}) for weights, KV cache and the engine's own`;
    return { code: 'gpu-memory', message, source: sources.gpu };
  }
  const message = ramNeededInWords(needs, question, ` with ${placementInWords(value.placement)}`);
  return { code: 'ram', message, source: sources.ram };
}

/** What decides whether a plan with doubts holds. */
function doubt({ question, needs, sources }: Demand, shown: End): Binding {
  const { high } = needs;
  const { placement } = needs[shown];
  if (high.gpuLacksBytes > 0) {
    const message = `with ${placementInWords(placement)} a GPU may lack up to ${formatGB(high.gpuLacksBytes)}, by what the engine itself takes`;
    return { code: 'gpu-memory', message, source: sources.gpu };
  }
  const message = ramNeededInWords(needs, question);
  return { code: 'ram', message, source: sources.ram };
}

/** A host whose disk holds what its RAM does not: it serves, and reads the disk for every token. */
function readingFromDisk(demand: Demand): Binding | null {
  const { question, needs, readsFromDisk, sources } = demand;
  const { value } = needs;
  const { ramBytes, diskBytes } = question.host;
  if (!readsFromDisk || diskBytes === null || value.gpuLacksBytes > 0 || ramBytes < value.ramLeastBytes) return null;
  const message = `${formatGB(value.ramNeededBytes - ramBytes, 0)} of ${formatGB(value.ramNeededBytes, 0)} find no room in RAM and are read from the disk again and again (mmap)`;
  return { code: 'read-from-disk', message, source: sources.ram };
}

/**
 * The verdict on a demand: `fits` where GPUs and RAM hold it even at the high ends of what is uncertain, `marginal` where only at the
 * middle or low ends or with weights read from the disk, `does-not-fit` otherwise.
 */
export function judgeDemand(demand: Demand): JudgedOffload {
  const { question, needs, fileBytes, diskNeededBytes } = demand;
  const shown = [...ENDS].reverse().find((end) => hasRoom(needs[end], question));
  const base = { question, needs, fileBytes, diskNeededBytes, shown: shown ?? 'value' };
  const disk = diskBinding(demand);
  if (disk) return { ...base, verdict: 'does-not-fit', binding: disk };
  if (shown === 'high') {
    const message = `${placementInWords(needs.high.placement)}, ${ramInWords(needs, question)}`;
    return { ...base, verdict: 'fits', binding: { code: 'room', message, source: demand.sources.ram } };
  }
  if (shown) return { ...base, verdict: 'marginal', binding: doubt(demand, shown) };
  const read = readingFromDisk(demand);
  return read ? { ...base, verdict: 'marginal', binding: read } : { ...base, verdict: 'does-not-fit', binding: shortage(demand) };
}

/** A question that no memory helps. */
export function invalidOffload(question: OffloadCase, binding: Binding): JudgedOffload {
  return { question, verdict: 'invalid', binding, needs: null, shown: 'value', fileBytes: null, diskNeededBytes: null };
}

/** A figure over the cases as an estimate. */
export function overEnds(needs: ByEnd<Need>, figure: (need: Need) => number): Estimate {
  return estimate('modelled', figure(needs.low), figure(needs.value), figure(needs.high));
}
