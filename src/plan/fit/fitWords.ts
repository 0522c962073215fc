import { layoutName } from '../../layout/layout.ts';
import type { Verdict } from '../../memory/memoryPlan.ts';
import { formatContext } from '../../units/tokens.ts';
import { MAX_NODES } from './candidates.ts';
import type { FitResult } from './fitAnswer.ts';
import type { FitQuestion } from './question.ts';

/** A verdict as a sentence says it. */
export function verdictInWords(verdict: Verdict): string {
  return verdict.replaceAll('-', ' ');
}

/** Parts as a sentence lists them. */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** A fleet with its layout. */
export function fleet({ gpus, gpuName, layout, nodes }: FitResult): string {
  return `${gpus} × ${gpuName} (${layoutName(layout)}${nodes > 1 ? `, ${nodes} nodes` : ''})`;
}

/** How many sequences a result holds, as a clause. */
export function holds({ sequences }: FitResult): string {
  if (!sequences) return '';
  const { low, value, high } = sequences;
  const band = low === high ? `${value}` : `${value} (${low} to ${high})`;
  return `, ${band} ${value === 1 && high === 1 ? 'sequence' : 'sequences'} at once`;
}

/** More pipeline stages than the replica has nodes: TP and attention DP leave a node in parts. */
function isOdd({ layout, nodes }: FitResult): boolean {
  return layout.pp > Math.max(1, nodes / layout.dp);
}

/** The smallest fleet with this verdict; a layout that fills its nodes where there is one. */
function smallest(results: readonly FitResult[], verdict: Verdict): FitResult | undefined {
  const found = results.filter((result) => result.verdict === verdict);
  return found.find((result) => !isOdd(result)) ?? found[0];
}

/**
 * The result that an answer puts first for one GPU type: the smallest fleet that fits, else the smallest that is marginal, else the
 * first result.
 */
export function headline(results: readonly FitResult[]): FitResult | undefined {
  return smallest(results, 'fits') ?? smallest(results, 'marginal') ?? results[0];
}

/** What fleets smaller than the one that fits lack, or hold in an odd layout only. */
function smallerFleets(results: readonly FitResult[], fits: FitResult): string {
  const smaller = results.filter(({ gpus }) => gpus < fits.gpus);
  const odd = smaller.find(({ verdict }) => verdict === 'fits');
  if (odd) return `; ${odd.gpus} hold it only in more stages than nodes (${layoutName(odd.layout)})`;
  const marginal = smaller.find((result) => result.verdict === 'marginal' && !isOdd(result));
  if (marginal) return `; ${fleet(marginal)} is marginal: ${marginal.binding.message}`;
  const next = smaller.find(({ gpus }) => gpus === Math.max(...smaller.map((one) => one.gpus)));
  if (!next) return '';
  const [first] = smaller;
  return `; ${first?.gpus === next.gpus ? `${next.gpus} do not` : `smaller fleets do not, ${next.gpus}`}: ${next.binding.message}`;
}

const MEMORY_UNKNOWN = 'gpu.memory-unknown';

/** Refusals that no layout and no fleet of this GPU type can change. */
function isHopeless({ binding: { code } }: FitResult): boolean {
  return code === MEMORY_UNKNOWN || code.endsWith('.gpu-vendor');
}

function help({ remedy }: FitResult): string {
  return remedy ? ` (${remedy.message})` : '';
}

/** The sentence for one GPU type: the smallest fleet that holds the question, and what smaller ones lack. */
function forGpu(results: readonly FitResult[]): string {
  const best = headline(results);
  if (!best) return '';
  if (best.verdict === 'fits') return `fits on ${fleet(best)}${holds(best)}${smallerFleets(results, best)}`;
  if (best.verdict === 'marginal') return `is marginal on ${fleet(best)}${holds(best)}: ${best.binding.message}${help(best)}`;
  const refusal = best.binding.code === MEMORY_UNKNOWN ? 'cannot be judged on' : 'is invalid on';
  const verb = best.verdict === 'invalid' ? refusal : 'does not fit on';
  const where = results.length === 1 ? fleet(best) : `${best.gpuName} up to ${Math.max(...results.map(({ gpus }) => gpus))} GPUs`;
  const nothing = best.remedy || isHopeless(best) ? help(best) : `; no fleet of up to ${MAX_NODES} nodes holds it`;
  return `${verb} ${where}: ${best.binding.message}${nothing}`;
}

/** GPU types by the best verdict of their fleets, each as the sentence names it. */
function byVerdict(byGpu: readonly (readonly FitResult[])[]): string {
  const best = byGpu.flatMap((results) => headline(results) ?? []);
  const named = (verdict: Verdict, name: (result: FitResult) => string, known = true) =>
    listed(best.filter((one) => one.verdict === verdict && (one.binding.code !== MEMORY_UNKNOWN) === known).map(name));
  const gpuName = (result: FitResult) => result.gpuName;
  const lists: readonly [words: string, list: string][] = [
    ['fits on', named('fits', fleet) || 'none of the GPU types asked'],
    ['marginal on', named('marginal', fleet)],
    ['not on', named('does-not-fit', gpuName)],
    ['invalid on', named('invalid', gpuName)],
    ['memory unknown of', named('invalid', gpuName, false)],
  ];
  return lists.flatMap(([words, list]) => (list === '' ? [] : `${words} ${list}`)).join('; ');
}

/** The first line of the answer: what holds for one GPU type, or lists of the GPU types by verdict. */
export function fitSentence({ base, contexts }: FitQuestion, byGpu: readonly (readonly FitResult[])[]): string {
  const { model, checkpoint, release, sequences } = base;
  const context = formatContext(Math.max(...contexts));
  const many = sequences > 1 ? `${sequences} × ` : '';
  const subject = `${model.name} (${checkpoint.format}) at ${many}${context} tokens`;
  const [first = []] = byGpu;
  return `${subject} ${byGpu.length === 1 ? forGpu(first) : byVerdict(byGpu)} [${release.engine.name} ${release.version}].`;
}
