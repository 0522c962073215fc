import type { Deployment } from '../../engine/deployment.ts';
import type { StartupLog } from '../../importers/startupLog/startupLog.ts';
import { type KvPool, poolBytesPerToken } from '../../memory/kvCache.ts';
import { planMemory } from '../../memory/plan.ts';
import { GIB } from '../../units/bytes.ts';
import { overheadBand } from './band.ts';
import { compared, type LoggedValue, type ReconcileLine, stated, unlogged, unpredicted } from './line.ts';
import type { LogDeployment } from './logDeployment.ts';
import { tightestPool, tokensIn } from './pool.ts';

/** Tokens of a printed amount of memory agree within so much: blocks, and what the smallest worker of a node may lack. */
const TOKENS_SHARE = 0.001;
const AMD_TOKENS_SHARE = 0.005;

/** KV memory of a GPU as the log states it, or as its tokens imply where it prints no memory. */
export function loggedKvGiB(
  { figures: { kvMemory, kvTokens } }: StartupLog,
  deployment: Deployment,
): (LoggedValue & { readonly derived: boolean }) | null {
  const printed = stated(kvMemory);
  if (printed) return { ...printed, derived: false };
  const pool = tightestPool(deployment);
  if (!kvTokens || pool.hybrid) return null;
  return { value: (kvTokens.value * poolBytesPerToken(pool, deployment)) / GIB, line: kvTokens.line, derived: true };
}

function tokenExplanation({ hybrid }: KvPool, { gpu, draft }: Deployment, within: boolean): string {
  if (!within && hybrid && draft !== undefined)
    return 'a draft keeps further states of each sequence, as many as it drafts tokens, and pads the groups of layers; kplan counts neither';
  if (!within)
    return 'the layers or the dtype of the KV cache differ from what kplan takes, or the smallest worker had less memory than the one that prints';
  if (hybrid) return 'windows and states: tokens are concurrency × length; whole blocks of each kind of layer';
  return gpu.vendor === 'amd' ? 'whole blocks, rounding, and the smallest worker' : 'whole blocks, and rounding of the printed memory';
}

/** Tokens, bytes of a token and concurrency that follow from the memory which the log states. */
function givenMemory(log: StartupLog, deployment: Deployment, implied: boolean): ReconcileLine[] {
  const { kvMemory, kvTokens, concurrency } = log.figures;
  const pool = tightestPool(deployment);
  const perToken = poolBytesPerToken(pool, deployment);
  if (!kvMemory || kvMemory.value <= 0) {
    return [
      unlogged(
        'kv-bytes-per-token',
        'KV bytes per token and GPU',
        'B/token',
        perToken,
        pool.hybrid ? 'on average over the longest length' : 'exact',
      ),
    ];
  }
  const tokens = tokensIn(deployment, pool, kvMemory.value);
  const share = Math.max(deployment.gpu.vendor === 'amd' ? AMD_TOKENS_SHARE : TOKENS_SHARE, kvMemory.rounding / kvMemory.value);
  const tolerance = share * tokens + pool.blockTokens * deployment.layout.dcp;
  const chosen = implied ? '; the dtype was chosen by this figure, so that nothing but the rest is tested' : '';
  const explain = (_: number, within: boolean) => `${tokenExplanation(pool, deployment, within)}${chosen}`;
  const lines: ReconcileLine[] = [];
  if (kvTokens) {
    const logged = stated(kvTokens) as LoggedValue;
    lines.push(
      compared({ id: 'kv-tokens', what: 'KV tokens from the logged memory', unit: 'token', predicted: tokens, logged, tolerance, explain }),
    );
    if (!pool.hybrid) {
      const bytes = { value: (kvMemory.value * GIB) / kvTokens.value, line: kvTokens.line };
      const allowed = share * bytes.value;
      lines.push(
        compared({
          id: 'kv-bytes-per-token',
          what: 'KV bytes per token and GPU',
          unit: 'B/token',
          predicted: perToken,
          logged: bytes,
          tolerance: allowed,
          explain,
        }),
      );
    }
  }
  if (concurrency) {
    const length = deployment.contextTokens;
    const logged = stated(concurrency) as LoggedValue;
    lines.push(
      compared({
        id: 'concurrency',
        what: `maximum concurrency at the longest length`,
        unit: 'sequence',
        predicted: tokens / length,
        logged,
        tolerance: tolerance / length + 0.005,
        explain,
      }),
    );
  }
  return lines;
}

function memoryExplanation(derived: boolean, within: boolean): string {
  const from = derived ? 'the log prints tokens alone, which imply this memory; ' : '';
  return `${from}${within ? 'what is left of the budget: the residuals of weights and overhead, with opposite sign' : 'outside the band of the overhead: see its parts'}`;
}

/** Memory and tokens that kplan predicts from GPU, flags and release alone. */
function fromBudget(log: StartupLog, deployment: Deployment, released: boolean): ReconcileLine[] {
  const plan = planMemory(deployment);
  const band = overheadBand(deployment, released);
  const pool = tightestPool(deployment);
  const rest = (plan.budgetBytesPerGpu - plan.weightBytesPerGpu) / GIB;
  const memory = { low: rest - band.high, value: rest - band.value, high: rest - band.low };
  const logged = loggedKvGiB(log, deployment);
  const what = 'KV memory per GPU';
  if (!logged) return [unlogged('kv-memory', what, 'GiB', memory, 'the log ends before it sizes the KV cache')];
  const [low, value, high] = [memory.low, memory.value, memory.high].map((gib) => tokensIn(deployment, pool, gib)) as [
    number,
    number,
    number,
  ];
  const counted = stated(log.figures.kvTokens);
  return [
    compared({
      id: 'kv-memory',
      what,
      unit: 'GiB',
      predicted: memory,
      logged,
      explain: (_, within) => memoryExplanation(logged.derived, within),
    }),
    ...(counted
      ? [
          compared({
            id: 'kv-tokens-predicted',
            what: 'KV tokens from the predicted memory',
            unit: 'token',
            predicted: { low: low - pool.blockTokens, value, high: high + pool.blockTokens },
            logged: counted,
            explain: () => 'follows the KV memory',
          }),
        ]
      : []),
  ];
}

/** The KV cache of a log that was sized within a budget. */
export function kvLines(log: StartupLog, { deployment, noKv, noBudget, released, impliedDtype }: LogDeployment): ReconcileLine[] {
  const { kvMemory, kvTokens, concurrency } = log.figures;
  const [memory, tokens, sequences] = [stated(kvMemory), stated(kvTokens), stated(concurrency)];
  if (!deployment || noKv !== null) {
    const reason = noKv ?? 'the model is not known';
    return [
      ...(memory ? [unpredicted('kv-memory', 'KV memory per GPU', 'GiB', memory, reason)] : []),
      ...(tokens ? [unpredicted('kv-tokens', 'KV tokens', 'token', tokens, reason)] : []),
      ...(sequences ? [unpredicted('concurrency', 'maximum concurrency', 'sequence', sequences, reason)] : []),
    ];
  }
  const given = givenMemory(log, deployment, impliedDtype);
  const { kvCacheMemoryGiB } = log.flags;
  if (kvCacheMemoryGiB !== undefined && memory) {
    const explain = () => 'as asked: the engine measured nothing and took that much';
    return [
      ...given,
      compared({
        id: 'kv-memory',
        what: 'KV memory per GPU',
        unit: 'GiB',
        predicted: kvCacheMemoryGiB,
        logged: memory,
        tolerance: 0.01,
        explain,
      }),
    ];
  }
  if (noBudget === null) return [...given, ...fromBudget(log, deployment, released)];
  return memory ? [...given, unpredicted('kv-memory', 'KV memory per GPU', 'GiB', memory, noBudget)] : given;
}

/** What a refusal states of one request, and of the longest one that would do. */
export function refusalLines({ outcome }: StartupLog, { deployment, noKv }: LogDeployment): ReconcileLine[] {
  if (outcome.kind !== 'refused' || outcome.cause !== 'one-request') return [];
  const { needGiB, availableGiB, estimatedMaxTokens, line } = outcome;
  const need = needGiB === null ? null : { value: needGiB, line };
  const longest = estimatedMaxTokens === null ? null : { value: estimatedMaxTokens, line };
  const [needs, lasts] = ['KV memory of one request', 'longest request that would do'];
  if (!deployment || noKv !== null) {
    const reason = noKv ?? 'the model is not known';
    return [
      ...(need ? [unpredicted('request-memory', needs, 'GiB', need, reason)] : []),
      ...(longest ? [unpredicted('longest-request', lasts, 'token', longest, reason)] : []),
    ];
  }
  const pool = tightestPool(deployment);
  const one = (pool.blocksPerSequence * pool.blockBytes) / GIB;
  const lines: ReconcileLine[] = [];
  if (need) {
    const tolerance = 0.005 + 0.001 * need.value;
    lines.push(
      compared({
        id: 'request-memory',
        what: needs,
        unit: 'GiB',
        predicted: one,
        logged: need,
        tolerance,
        explain: () => 'rounding, whole blocks',
      }),
    );
  }
  if (longest && availableGiB !== null && !pool.hybrid) {
    const tokens = tokensIn(deployment, pool, availableGiB);
    const tolerance = (0.005 / availableGiB + 0.002) * tokens + pool.blockTokens;
    const explain = () => 'the engine searches for it in whole blocks, and the printed memory is rounded';
    lines.push(compared({ id: 'longest-request', what: lasts, unit: 'token', predicted: tokens, logged: longest, tolerance, explain }));
  }
  return lines;
}
