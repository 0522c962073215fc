import { formatGB } from '../../units/bytes.ts';
import { formatContext } from '../../units/tokens.ts';
import { listed, verdictInWords } from '../fit/fitWords.ts';
import type { OffloadResult } from './offloadAnswer.ts';

/** A host in words: `2 × RTX 4090 with 512 GB of RAM`. */
export function hostInWords({ gpus, gpuName, ramBytes }: Pick<OffloadResult, 'gpus' | 'gpuName' | 'ramBytes'>): string {
  const ram = `${formatGB(ramBytes, 0)} of RAM`;
  return gpuName === null ? `${ram} without GPUs` : `${gpus} × ${gpuName} with ${ram}`;
}

function forOne(result: OffloadResult): string {
  const { format, verdict, binding, remedy } = result;
  const where = hostInWords(result);
  if (verdict === 'fits') return `${format} fits on ${where}: ${binding.message}`;
  const verb = verdict === 'invalid' ? 'cannot be served on' : verdict === 'marginal' ? 'is marginal on' : 'does not fit on';
  return `${format} ${verb} ${where}: ${binding.message}${remedy ? ` (${remedy.message})` : ''}`;
}

function largest(results: readonly OffloadResult[], verdict: OffloadResult['verdict']): OffloadResult | undefined {
  const size = ({ fileBytes }: OffloadResult) => fileBytes?.value ?? 0;
  return results.filter((result) => result.verdict === verdict).sort((a, b) => size(b) - size(a))[0];
}

/** Several formats on one host: the largest that fits with its placement, and the others by verdict. */
function forHost(results: readonly OffloadResult[]): string {
  const [first] = results;
  if (first === undefined || results.length === 1) return first ? forOne(first) : '';
  const best = largest(results, 'fits') ?? largest(results, 'marginal') ?? first;
  const others = results.filter((result) => result !== best);
  const by = (['fits', 'marginal', 'does-not-fit', 'invalid'] as const).flatMap((verdict) => {
    const names = others.filter((result) => result.verdict === verdict).map(({ format }) => format);
    if (names.length === 0) return [];
    return [`${verdict === 'fits' ? 'smaller ones fit too' : verdictInWords(verdict)}: ${listed(names)}`];
  });
  return [forOne(best), ...by].join('; ');
}

/** The answer of an offload question in one sentence for each host. */
export function offloadSentence(
  modelName: string,
  engineName: string,
  contextTokens: number,
  byHost: readonly (readonly OffloadResult[])[],
): string {
  const hosts = byHost.map(forHost);
  return `${modelName} at ${formatContext(contextTokens)} tokens with ${engineName}: ${hosts.join('. ')}. No speed is measured on such hosts.`;
}
