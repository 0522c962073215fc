import { type MemoryFraction, memoryFraction } from '../engine/memoryFraction.ts';
import type { Assumption } from '../evidence/assumption.ts';
import type { Origin } from '../evidence/term.ts';
import { formatCount } from '../units/tokens.ts';
import type { JudgedDeployment } from './judge.ts';
import type { FitQuery, FitQuestion } from './question.ts';

/** A choice: the user's where it was asked, and otherwise marked as the default. */
function choice(code: string, text: string, asked: unknown, source: Origin = 'kplan'): Assumption {
  return asked === undefined ? { code, text: `${text} (default)`, source } : { code, text, source: 'user' };
}

function fractionInWords(fractions: readonly MemoryFraction[]): Assumption[] {
  const [first] = fractions;
  if (!first) return [];
  const shares = fractions.map(({ value }) => Number(value.toFixed(4)));
  const low = Math.min(...shares);
  const high = Math.max(...shares);
  const text =
    low === high
      ? `memory fraction ${low}: ${first.explanation}`
      : `memory fraction ${low} to ${high}, computed by the engine from GPU and layout`;
  return [{ code: 'memory-fraction', text, source: first.source }];
}

function overheads({ base }: FitQuestion, judged: readonly JudgedDeployment[]): Assumption[] {
  return Object.entries(base.release.engine.overheadGiB).flatMap(([vendor, { low, value, high, source }]) =>
    judged.some(({ deployment, memory }) => memory !== null && deployment.gpu.vendor === vendor)
      ? [
          {
            code: `overhead-${vendor}`,
            text: `overhead on ${vendor === 'nvidia' ? 'NVIDIA' : 'AMD'}: ${low}, ${value}, ${high} GiB per GPU (80 % of logged runs)`,
            source,
          },
        ]
      : [],
  );
}

/** What an answer of `fit` takes for granted: every default, and the facts behind its bands. */
export function fitAssumptions(question: FitQuestion, query: FitQuery, judged: readonly JudgedDeployment[]): Assumption[] {
  const { model, checkpoint, release, contextTokens, sequences, kvCacheDtype, encoderMode, maxNumSeqs } = question.base;
  const { maxSequences } = release.engine;
  const longest = query.contextTokens === undefined ? ', the longest of the model' : '';
  const format = `${checkpoint.format}${query.format === undefined ? ', default' : ''}`;
  const layoutAsked = [query.dp, query.dcp, query.ep].every((ways) => ways !== undefined) || undefined;
  const vision = encoderMode === 'data' ? 'whole on every rank' : 'split over the TP group';
  return [
    choice('model', model.name, query.model),
    {
      code: 'checkpoint',
      text: `checkpoint ${checkpoint.repository} (${format})${checkpoint.assumption ? `: ${checkpoint.assumption}` : ''}`,
      source: checkpoint.source,
    },
    choice('engine', `${release.engine.name} ${release.version}`, query.engine),
    ...fractionInWords(judged.filter(({ memory }) => memory !== null).map(({ deployment }) => memoryFraction(deployment))),
    ...overheads(question, judged),
    choice('context', `context ${formatCount(contextTokens)} tokens${longest}`, query.contextTokens, model.architectureSource),
    choice('sequences', `sequences of it that must fit at once: ${sequences}`, query.sequences),
    choice(
      'max-num-seqs',
      `sequences per step that the engine admits: ${formatCount(maxNumSeqs ?? maxSequences.value)}`,
      maxNumSeqs,
      maxSequences.source,
    ),
    choice('kv-cache-dtype', `KV cache in ${kvCacheDtype}`, query.kvCacheDtype),
    ...(model.architecture.vision ? [choice('encoder-mode', `vision encoder ${vision}`, query.encoderMode)] : []),
    choice('layout', 'where not asked: one copy of the model, no DCP, whole experts per rank under attention DP alone', layoutAsked),
    {
      code: 'load-noise',
      text: 'weights as loaded differ from the arithmetic by 0.03 to 0.3 GiB in logs (about 2 % on ROCm); not counted',
      source: 'kplan',
    },
  ];
}
