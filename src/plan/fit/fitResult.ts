import { ledger } from '../../engine/ledger.ts';
import { layoutKey, totalGpus } from '../../layout/layout.ts';
import { memoryTerms } from '../../memory/terms.ts';
import type { JudgedDeployment } from '../judge.ts';
import type { FitResult, LedgerEntry } from './fitAnswer.ts';
import { findRemedy } from './remedy.ts';

function ledgerOf({ deployment }: JudgedDeployment): LedgerEntry[] {
  return ledger(deployment).map(({ rule, outcome, message }) => ({
    rule: rule.id,
    outcome,
    message,
    source: `${rule.source.ref} (${rule.source.date})`,
  }));
}

/** `a100-80-sxm/16/tp8-pp2`: names one result within an answer. */
function resultKey({ deployment }: JudgedDeployment): string {
  return `${deployment.gpu.id}/${totalGpus(deployment.layout)}/${layoutKey(deployment.layout)}`;
}

/** A judged deployment as the answer shows it, with remedy, notes and, where asked, its terms and ledger. */
export function fitResult(judged: JudgedDeployment, show: { readonly terms?: boolean; readonly rules?: boolean } = {}): FitResult {
  const { deployment, memory, verdict, binding, judgements } = judged;
  const { gpu, release, layout, checkpoint, kvCacheDtype, contextTokens } = deployment;
  const gpus = totalGpus(layout);
  return {
    key: resultKey(judged),
    gpu: gpu.id,
    gpuName: gpu.name,
    gpus,
    nodes: Math.ceil(gpus / gpu.gpusPerNode),
    engine: release.engine.id,
    engineVersion: release.version,
    layout,
    format: checkpoint.format,
    kvCacheDtype,
    contextTokens,
    verdict,
    binding,
    remedy: findRemedy(judged),
    notes: judgements.filter(({ finding }) => finding.outcome !== 'fail').map(({ finding, rule }) => `${finding.message} [${rule.id}]`),
    weightBytesPerGpu: memory?.weightBytesPerGpu ?? null,
    budgetBytesPerGpu: memory?.budgetBytesPerGpu ?? null,
    overheadBytesPerGpu: memory?.overheadBytesPerGpu ?? null,
    kvMemoryBytesPerGpu: memory?.kvMemoryBytesPerGpu ?? null,
    kvBytesPerToken: memory?.kvBytesPerToken ?? null,
    kvTokens: memory?.kvTokens ?? null,
    sequences: memory?.sequences ?? null,
    ...(show.rules ? { rules: ledgerOf(judged) } : {}),
    ...(show.terms && memory ? { terms: memoryTerms(deployment, memory) } : {}),
  };
}
