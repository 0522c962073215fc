import type { FigureName, LoggedFigure, StartupLog } from '../../importers/startupLog/startupLog.ts';
import { compared, type LoggedValue, type ReconcileLine, stated } from './line.ts';

type Figures = StartupLog['figures'];
type Check = (log: StartupLog) => ReconcileLine | null;

/** The figures of those names, or null where the log lacks one. */
function all<K extends FigureName>(figures: Figures, ...names: readonly K[]): Record<K, LoggedFigure> | null {
  return names.every((name) => figures[name]) ? (figures as Record<K, LoggedFigure>) : null;
}

function said(figure: LoggedFigure): LoggedValue {
  return stated(figure) as LoggedValue;
}

/** A figure of the log held against what other figures of it amount to. */
function identity(comparison: Parameters<typeof compared>[0]): ReconcileLine {
  return compared({ ...comparison, source: 'log' });
}

const GIB_DIGIT = 0.005;

const tokensOfBlocks: Check = ({ figures }) => {
  const found = all(figures, 'blocks', 'blockTokens', 'kvTokens');
  return (
    found &&
    identity({
      id: 'log-blocks',
      what: 'tokens: blocks × tokens of a block',
      unit: 'token',
      predicted: found.blocks.value * found.blockTokens.value,
      logged: said(found.kvTokens),
      tolerance: 0,
      explain: (_, within) => (within ? 'the log agrees with itself' : 'pools of several window sizes share the blocks'),
    })
  );
};

const concurrencyOfTokens: Check = ({ figures }) => {
  const found = all(figures, 'kvTokens', 'concurrency', 'concurrencyTokens');
  return (
    found &&
    identity({
      id: 'log-concurrency',
      what: 'maximum concurrency: tokens / length',
      unit: 'sequence',
      predicted: found.kvTokens.value / found.concurrencyTokens.value,
      logged: said(found.concurrency),
      tolerance: GIB_DIGIT + 1 / found.concurrencyTokens.value,
      explain: (_, within) =>
        within
          ? 'the log agrees with itself; of a model with windows or states the tokens are this product'
          : 'one of the two is of another engine rank',
    })
  );
};

const budgetOfTotal: Check = ({ figures, flags: { utilization } }) => {
  const found = all(figures, 'total', 'budget');
  if (!found || utilization === undefined) return null;
  return identity({
    id: 'log-budget',
    what: 'budget: memory × utilization',
    unit: 'GiB',
    predicted: found.total.value * utilization,
    logged: said(found.budget),
    tolerance: 4 * GIB_DIGIT,
    explain: (_, within) => (within ? 'the log agrees with itself' : 'the utilization is printed to two digits'),
  });
};

/** vLLM: `KV = budget - weights - activation - nonTorch - graphs`, or with weights and non-torch memory in one figure. */
const kvOfParts: Check = ({ figures, flags: { graphProfiling } }) => {
  const { consumed, weights, nonTorch, graphEstimate } = figures;
  const found = all(figures, 'budget', 'activationPeak', 'kvMemory');
  const taken = consumed?.value ?? (weights && nonTorch ? weights.value + nonTorch.value : null);
  if (!found || taken === null) return null;
  const graphs = graphProfiling === true ? (graphEstimate?.value ?? 0) : 0;
  return identity({
    id: 'log-parts',
    what: 'KV memory: budget less the parts that the log names',
    unit: 'GiB',
    predicted: found.budget.value - taken - found.activationPeak.value - graphs,
    logged: said(found.kvMemory),
    tolerance: 6 * GIB_DIGIT,
    explain: (_, within) =>
      within ? 'rounding of the printed parts' : 'the log names not all parts: graphs were counted or memory was taken by others',
  });
};

/** SGLang: `KV = free after the weights - (1 - fraction) * free before them`, over the rank that has least. */
const kvOfFraction: Check = ({ figures, flags: { staticFraction } }) => {
  const found = all(figures, 'freeBeforeLoad', 'freeAfterWeights', 'kvMemory');
  if (!found || staticFraction === undefined) return null;
  return identity({
    id: 'log-static-fraction',
    what: 'KV memory: free after the weights less (1 − fraction) of free before them',
    unit: 'GiB',
    predicted: found.freeAfterWeights.low - (1 - staticFraction) * found.freeBeforeLoad.low,
    logged: said(found.kvMemory),
    tolerance: 0.002 * found.freeBeforeLoad.value,
    explain: () => 'rounding, pages, and what other buffers take between the two readings',
  });
};

const TENSORRT_FRACTION = 0.9;

/** TensorRT-LLM takes 0.9 of what is free unless told otherwise; its PyTorch backend prints the result of that product as what is available. */
const kvOfFree: Check = ({ engine, figures }) => {
  const found = all(figures, 'freeBeforeKvCache', 'kvMemory');
  if (!found || engine !== 'tensorrt-llm') return null;
  const share = figures.kvBytesPerToken ? 1 : TENSORRT_FRACTION;
  return identity({
    id: 'log-free-fraction',
    what: `KV memory: ${share === 1 ? 'what is available' : `${share} of what is free`}`,
    unit: 'GiB',
    predicted: share * found.freeBeforeKvCache.value,
    logged: said(found.kvMemory),
    tolerance: 0.001 * found.freeBeforeKvCache.value + GIB_DIGIT,
    explain: (_, within) => (within ? 'rounding and whole blocks' : 'a fraction other than the default of 0.9, or a limit on tokens'),
  });
};

const bytesPerToken: Check = ({ figures }) => {
  const found = all(figures, 'kvBytesPerToken', 'kvMemory', 'kvTokens');
  return (
    found &&
    identity({
      id: 'log-bytes-per-token',
      what: 'KV bytes per token: memory / tokens',
      unit: 'B/token',
      predicted: (found.kvMemory.value * 2 ** 30) / found.kvTokens.value,
      logged: said(found.kvBytesPerToken),
      tolerance: 0.001 * found.kvBytesPerToken.value,
      explain: () => 'rounding of the printed memory, and whole blocks',
    })
  );
};

function sum(parts: readonly { readonly gib: number }[]): number {
  return parts.reduce((total, { gib }) => total + gib, 0);
}

function isHost(device: string): boolean {
  return /^CPU|_Host|_Pinned/.test(device);
}

const BUFFERS_SHARE = 0.002;

/** llama.cpp: buffers of all devices hold the file; embeddings that are also the head are on the host and once more on a device. */
const buffersOfFile: Check = ({ figures: { checkpoint }, buffers }) => {
  const model = buffers.filter(({ use, draft }) => use === 'model' && !draft);
  const [first] = model;
  if (!checkpoint || !first) return null;
  const copies = sum(model.filter(({ device }) => isHost(device)));
  const logged = sum(model);
  const rounding = BUFFERS_SHARE * checkpoint.value;
  const twice = copies > 0 && logged > checkpoint.value + Math.max(copies / 2, rounding);
  return identity({
    id: 'log-buffers',
    what: twice ? 'model buffers of all devices: the file, and what the host holds again' : 'model buffers of all devices: the file',
    unit: 'GiB',
    predicted: checkpoint.value + (twice ? copies : 0),
    logged: { value: logged, line: first.line },
    tolerance: rounding,
    explain: (_, within) => {
      if (!within) return 'the devices hold neither the file once nor it with a copy of what the host holds';
      return twice ? 'embeddings that serve as head too are held on the host and on the device' : 'rounding of the printed size';
    },
  });
};

/** llama.cpp's own projection, against what it then allocated on its devices. */
const projection: Check = ({ figures: { projected }, buffers }) => {
  const used = buffers.filter(({ device, use, draft }) => !isHost(device) && !draft && !use.startsWith('vision'));
  if (!projected || used.length === 0) return null;
  return identity({
    id: 'log-projection',
    what: 'memory of the devices: the sum of their buffers',
    unit: 'GiB',
    predicted: sum(used),
    logged: said(projected),
    tolerance: 0.005 * projected.value,
    explain: () => 'the vision encoder is loaded later and not part of it',
  });
};

/** A refusal repeats what was available. */
const availableOfRefusal: Check = ({ figures: { kvMemory }, outcome }) => {
  if (!kvMemory || outcome.kind !== 'refused' || outcome.cause !== 'one-request' || outcome.availableGiB === null) return null;
  return identity({
    id: 'log-refusal',
    what: 'KV memory as the refusal repeats it',
    unit: 'GiB',
    predicted: kvMemory.value,
    logged: { value: outcome.availableGiB, line: outcome.line },
    tolerance: 2 * GIB_DIGIT,
    explain: (_, within) => (within ? 'the log agrees with itself' : 'another worker had less'),
  });
};

const CHECKS: readonly Check[] = [
  tokensOfBlocks,
  concurrencyOfTokens,
  budgetOfTotal,
  kvOfParts,
  kvOfFraction,
  kvOfFree,
  bytesPerToken,
  buffersOfFile,
  projection,
  availableOfRefusal,
];

/** What the figures of a log say of each other; no model is needed for it. */
export function arithmeticLines(log: StartupLog): ReconcileLine[] {
  return CHECKS.flatMap((check) => check(log) ?? []);
}
