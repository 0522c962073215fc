import { layoutName } from '../layout/layout.ts';
import { formatContext } from '../units/tokens.ts';
import type { FitResult } from './fitAnswer.ts';
import type { FitQuestion } from './question.ts';

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function fleet({ gpus, gpuName, layout, nodes }: FitResult): string {
  return `${gpus} × ${gpuName} (${layoutName(layout)}${nodes > 1 ? `, ${nodes} nodes` : ''})`;
}

function holds({ sequences }: FitResult): string {
  if (!sequences) return '';
  const { low, value, high } = sequences;
  const band = low === high ? `${value}` : `${value} (${low} to ${high})`;
  return `, ${band} ${value === 1 && high === 1 ? 'sequence' : 'sequences'} at once`;
}

/** The sentence for one GPU type: the smallest fleet that holds the question, and what the next smaller one lacks. */
function forGpu(results: readonly FitResult[]): string {
  const fits = results.find(({ verdict }) => verdict === 'fits');
  const marginal = results.find(({ verdict }) => verdict === 'marginal');
  const [first] = results;
  if (!first) return '';
  const smaller = fits && first.gpus < fits.gpus ? `; ${first.gpus} do not: ${first.binding.message}` : '';
  if (fits && marginal && marginal.gpus < fits.gpus) {
    return `fits on ${fleet(fits)}${holds(fits)}; ${fleet(marginal)} is marginal: ${marginal.binding.message}`;
  }
  if (fits) return `fits on ${fleet(fits)}${holds(fits)}${smaller}`;
  if (marginal) return `is marginal on ${fleet(marginal)}${holds(marginal)}: ${marginal.binding.message}`;
  const verb = first.verdict === 'invalid' ? 'is invalid on' : 'does not fit on';
  const where = results.length === 1 ? fleet(first) : `${first.gpuName} up to ${Math.max(...results.map(({ gpus }) => gpus))} GPUs`;
  const remedy = first.remedy ? ` (${first.remedy.message})` : '';
  return `${verb} ${where}: ${first.binding.message}${remedy}`;
}

/** The first line of the answer: one clause per GPU type, or a list of those that hold it and those that do not. */
export function fitSentence({ base, contexts }: FitQuestion, byGpu: readonly (readonly FitResult[])[]): string {
  const { model, checkpoint, release, sequences } = base;
  const context = formatContext(Math.max(...contexts));
  const many = sequences > 1 ? `${sequences} × ` : '';
  const subject = `${model.name} (${checkpoint.format}) at ${many}${context} tokens`;
  const on = `${release.engine.name} ${release.version}`;
  if (byGpu.length === 1) return `${subject} ${forGpu(byGpu[0] ?? [])} [${on}].`;
  const best = byGpu.flatMap((results) => results.find(({ verdict }) => verdict === 'fits') ?? []);
  const without = byGpu.flatMap((results) => (results.some(({ verdict }) => verdict === 'fits') ? [] : (results[0]?.gpuName ?? [])));
  const yes = best.length > 0 ? `fits on ${listed(best.map(fleet))}` : 'fits on none of the GPU types asked';
  return `${subject} ${yes}${best.length > 0 && without.length > 0 ? `; not on ${listed(without)}` : ''} [${on}].`;
}
