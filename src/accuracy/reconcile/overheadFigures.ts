import type { Deployment } from '../../engine/deployment.ts';
import type { LoggedFigure, StartupLog } from '../../importers/startupLog/startupLog.ts';
import { type OverheadPart, overheadFit, overheadParts } from '../../memory/overhead.ts';
import { budgetBytes } from '../../memory/plan.ts';
import { GIB } from '../../units/bytes.ts';
import { type OverheadBand, overheadBand } from './band.ts';
import { loggedKvGiB } from './kvFigures.ts';
import { compared, type ReconcileLine, stated, unpredicted } from './line.ts';
import type { LogDeployment } from './logDeployment.ts';
import { weightGiB } from './weightFigures.ts';

/** What a negative overhead means. */
export const NOT_OF_THE_LOG = 'the GPU, its memory or the layout is not the one of the log';

/** Budget less weights less KV memory, as the log implies it; null where it states too little. */
export function loggedOverheadGiB(log: StartupLog, deployment: Deployment): number | null {
  const kv = loggedKvGiB(log, deployment);
  if (!kv || log.flags.kvCacheMemoryGiB !== undefined) return null;
  const { weights, draftWeights } = log.figures;
  const held = weights ? weights.value + (draftWeights?.value ?? 0) : weightGiB(deployment);
  return budgetBytes(deployment) / GIB - held - kv.value;
}

function partGiB(parts: readonly OverheadPart[], ...ids: readonly OverheadPart['id'][]): number {
  return Math.max(0, ...parts.filter(({ id }) => ids.includes(id)).map(({ bytes }) => bytes)) / GIB;
}

/** What the log says of parts, for which kplan has shares of its own. */
function shares(log: StartupLog, deployment: Deployment): string {
  const fit = overheadFit(deployment);
  if (!fit) return 'kplan has one band for this engine';
  const parts = overheadParts(deployment, fit);
  const named = (what: string, predicted: number, figure: LoggedFigure | undefined) =>
    `${what} ${predicted.toFixed(2)}${figure ? ` (log ${figure.value.toFixed(2)})` : ''}`;
  const { activationPeak, nonTorch, graphEstimate } = log.figures;
  const graphs = partGiB(parts, 'graphs');
  const known = [
    named('activations', partGiB(parts, 'forward', 'sampler'), activationPeak),
    named('non-torch', partGiB(parts, 'nonTorch'), nonTorch),
    ...(graphs > 0 ? [named('graph estimate', graphs, graphEstimate)] : []),
  ];
  return `GiB of ${known.join(', ')}`;
}

function overheadExplanation(
  log: StartupLog,
  deployment: Deployment,
  released: boolean,
  logged: number,
  predicted: number,
  within: boolean,
): string {
  const residual = predicted - logged;
  const { freeBeforeLoad, total } = log.figures;
  const others = freeBeforeLoad && total ? total.value - freeBeforeLoad.value : 0;
  const parts = shares(log, deployment);
  const build = released ? '' : `; ${log.version} is no release, so the band of all logs on GPUs of this vendor stands`;
  if (logged < 0) return `negative: ${NOT_OF_THE_LOG}; ${parts}${build}`;
  if (within) return `inside the band of logs; ${parts}${build}`;
  const taken = residual < 0 && others > 1 ? `; ${others.toFixed(2)} GiB were taken before the start` : '';
  return `${residual < 0 ? 'more' : 'less'} than in nine of ten logs; ${parts}${build}${taken}`;
}

interface Part {
  readonly id: string;
  readonly what: string;
  readonly figure: LoggedFigure | undefined;
  readonly predicted: number;
  readonly explain: (within: boolean) => string;
}

function partLines(log: StartupLog, deployment: Deployment, band: OverheadBand): ReconcileLine[] {
  const fit = overheadFit(deployment);
  if (!fit) return [];
  const { activationPeak, nonTorch, graphEstimate } = log.figures;
  const parts = overheadParts({ ...deployment, graphEstimate: true }, fit);
  const [forward, sampler] = [partGiB(parts, 'forward'), partGiB(parts, 'sampler')];
  const leads =
    sampler > forward
      ? `the sampler run leads (${sampler.toFixed(2)} GiB, forward pass ${forward.toFixed(2)})`
      : `the forward pass leads (${forward.toFixed(2)} GiB, sampler run ${sampler.toFixed(2)})`;
  const found: readonly Part[] = [
    { id: 'activation', what: 'activation peak', figure: activationPeak, predicted: Math.max(forward, sampler), explain: () => leads },
    {
      id: 'non-torch',
      what: 'non-torch memory',
      figure: nonTorch,
      predicted: partGiB(parts, 'nonTorch'),
      explain: () =>
        'libraries and communication, a constant of the release and the ways of TP; it takes up what the fit of whole overheads left over',
    },
    {
      id: 'graph-estimate',
      what: 'graph estimate',
      figure: log.flags.graphProfiling === false ? undefined : graphEstimate,
      predicted: partGiB(parts, 'graphs'),
      explain: (within) =>
        within
          ? 'a constant for each layer'
          : 'the engine’s estimate follows its capture sizes and attention kernels, kplan’s the layers alone',
    },
  ];
  return found.flatMap(({ id, what, figure, predicted, explain }) => {
    const logged = stated(figure);
    if (!logged) return [];
    const tolerance = logged.value > predicted ? band.high - band.value : band.value - band.low;
    return [compared({ id, what, unit: 'GiB', predicted, logged, tolerance, explain: (_, within) => explain(within) })];
  });
}

/** Figures that a log prints of overhead, and that no budget rests on. */
function beside({ figures, flags, engine }: StartupLog): ReconcileLine[] {
  const { graphCapture, graphEstimate, communication } = figures;
  const [captured, estimated, taken] = [stated(graphCapture), stated(graphEstimate), stated(communication)];
  const against = estimated ? `; the estimate was ${estimated.value.toFixed(2)} GiB` : '';
  const negative = captured && captured.value < 0 ? '; negative, for memory was given back meanwhile' : '';
  return [
    ...(estimated && flags.graphProfiling === false
      ? [
          unpredicted(
            'graph-estimate',
            'graph estimate',
            'GiB',
            estimated,
            'switched off: it is printed and does not count against the budget',
          ),
        ]
      : []),
    ...(captured
      ? [
          unpredicted(
            'graph-capture',
            'graphs as captured',
            'GiB',
            captured,
            `captured after the KV cache is sized, ${engine === 'sglang' ? 'out of what the static fraction leaves' : 'outside what the budget counts'}${against}${negative}`,
          ),
        ]
      : []),
    ...(taken
      ? [
          unpredicted(
            'communication',
            'taken by communication before the load',
            'GiB',
            taken,
            'part of the overhead, of which kplan has a band alone for this engine',
          ),
        ]
      : []),
  ];
}

/** What an engine needs beside weights and KV cache, as a whole and in the parts that its log names. */
export function overheadLines(log: StartupLog, { deployment, noBudget, released }: LogDeployment): ReconcileLine[] {
  const { activationPeak, nonTorch, consumed } = log.figures;
  if (!deployment || noBudget !== null) {
    const reason = noBudget ?? 'the model is not known';
    const printed = [
      ['activation', 'activation peak', stated(activationPeak)],
      ['non-torch', 'non-torch memory', stated(nonTorch)],
      ['consumed', 'weights and non-torch memory', stated(consumed)],
    ] as const;
    return [...printed.flatMap(([id, what, logged]) => (logged ? [unpredicted(id, what, 'GiB', logged, reason)] : [])), ...beside(log)];
  }
  const band = overheadBand(deployment, released);
  const logged = loggedOverheadGiB(log, deployment);
  const whole =
    logged === null
      ? []
      : [
          compared({
            id: 'overhead',
            what: 'overhead: budget less weights less KV memory',
            unit: 'GiB',
            predicted: band,
            logged: { value: logged, line: null },
            explain: (_, within) => overheadExplanation(log, deployment, released, logged, band.value, within),
          }),
        ];
  return [...partLines(log, deployment, band), ...whole, ...beside(log)];
}
