import { quoted } from '../calibration/emit/quoted.ts';
import { LAYOUT_FLAGS, type Layout, replicaGpus } from '../layout/layout.ts';
import type { Subject } from './subject.ts';

const FILE = 'calibration.json';

/** What fixes the deployment of a plan, as options of kplan; none where its engine is not one that `calibrate` fits. */
function deploymentWords(subject: Subject, namedModel: string | undefined): string[] {
  if (subject.kind === 'offload') return [];
  const {
    model,
    checkpoint,
    release,
    layout,
    gpu,
    kvCacheDtype,
    utilization,
    maxNumSeqs,
    batchTokens,
    draft,
    draftTokens,
    encoderMode,
    eager,
    graphEstimate,
  } = subject.judged.deployment;
  const option = (flag: string, value: string | number | undefined) => (value === undefined ? [] : [flag, String(value)]);
  const ways = (Object.keys(LAYOUT_FLAGS) as (keyof Layout)[]).filter((name) => name === 'tp' || (name !== 'dp' && layout[name] > 1));
  return [
    ...['--gpu', `${gpu.id}:${replicaGpus(layout)}`, '--model', namedModel ?? model.id, '--format', checkpoint.format],
    ...['--engine', `${release.engine.id}@${release.version}`],
    ...ways.flatMap((name) => [LAYOUT_FLAGS[name], String(layout[name])]),
    ...['--kv-cache-dtype', kvCacheDtype],
    ...(model.architecture.vision ? ['--mm-encoder', encoderMode] : []),
    ...option('--utilization', utilization),
    ...option('--max-num-seqs', maxNumSeqs),
    ...option('--max-num-batched-tokens', batchTokens),
    ...(eager ? ['--enforce-eager'] : []),
    ...option('--graph-estimate', graphEstimate === undefined ? undefined : graphEstimate ? 'on' : 'off'),
    ...option('--draft', draft),
    ...option('--draft-tokens', draftTokens),
  ];
}

function line(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

/** The lines that measure a deployment and hold the plan against what was measured. */
export function calibrateLines(subject: Subject, url: string, servedName: string, namedModel?: string): string[] {
  const words = deploymentWords(subject, namedModel);
  const measure = line(['kplan', 'calibrate', url, '--serves', servedName, ...words, ...(words.length > 0 ? ['--save', FILE] : [])]);
  if (words.length === 0) return [measure];
  const { contextTokens, sequences } = subject;
  const held = ['--ctx', String(contextTokens), ...(sequences === 1 ? [] : ['--sequences', String(sequences)])];
  return [measure, line(['kplan', 'fit', ...words, ...held, '--calibration', FILE])];
}
