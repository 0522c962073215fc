import { GIB } from '../../units/bytes.ts';
import type { Catalog } from '../catalog.ts';
import type { OffloadResult } from './offloadAnswer.ts';
import { type JudgedOffload, overEnds } from './offloadJudge.ts';
import type { OffloadQuery } from './offloadQuestion.ts';
import { findOffloadRemedy } from './offloadRemedy.ts';

const SPEED = {
  code: 'no-measurement',
  message: 'nothing is measured on this host: speed is set by its CPU and the bandwidth of its RAM, of which kplan has no model',
} as const;

/** The format of a case as the user names it. */
export function formatOf({ question }: Pick<JudgedOffload, 'question'>): string {
  return question.engine === 'llama.cpp' ? question.format.format : question.checkpoint.format;
}

/** A judged case as the answer shows it, with remedy and, where asked, its terms. */
export function offloadResult(
  judged: JudgedOffload,
  catalog: Catalog,
  { format: asked, terms }: Pick<OffloadQuery, 'format' | 'terms'> = {},
): OffloadResult {
  const { question, verdict, binding, needs, shown, fileBytes, diskNeededBytes } = judged;
  const { engine, host, kvCacheDtype, contextTokens, sequences } = question;
  const need = needs?.[shown] ?? null;
  const seen = host.gpu?.torchTotalGiB?.value;
  return {
    key: [engine, host.gpu?.id ?? 'none', host.gpus, formatOf(judged)].join('/'),
    engine,
    gpu: host.gpu?.id ?? null,
    gpuName: host.gpu?.name ?? null,
    gpus: host.gpus,
    ramBytes: host.ramBytes,
    diskBytes: host.diskBytes,
    format: formatOf(judged),
    kvCacheDtype,
    contextTokens,
    sequences,
    verdict,
    binding,
    remedy: findOffloadRemedy(judged, catalog, asked !== undefined),
    placement: need?.placement ?? null,
    fileBytes,
    gpuMemoryBytes: seen === undefined ? null : seen * GIB,
    gpuWeightBytes: need?.gpuWeightBytes ?? null,
    kvBytes: need?.kvBytes ?? null,
    gpuOverheadBytes: needs && overEnds(needs, ({ gpuOverheadBytes }) => gpuOverheadBytes),
    ramNeededBytes: needs && overEnds(needs, ({ ramNeededBytes }) => ramNeededBytes),
    diskNeededBytes,
    launchOptions: need?.launchOptions ?? [],
    speed: SPEED,
    ...(terms && need ? { terms: need.terms() } : {}),
  };
}
