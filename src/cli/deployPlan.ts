import type { DeployQuery } from '../deploy/deployQuery.ts';
import { Fault } from '../faults/fault.ts';
import { calibrationFrom } from './calibrationFile.ts';
import { flagOf } from './deploymentQuery.ts';
import type { DeployWords } from './deployOptions.ts';
import { fitQueryOf } from './fitQuery.ts';
import { offloadQueryOf } from './offloadQuery.ts';

/** The plan of a command line. */
export interface FoundPlan {
  readonly plan: DeployQuery['plan'];
  /** What the file said of the plan, where it comes from one. */
  readonly verdict: string | null;
}

/** Words that a plan from a file says already. */
const SAID_BY_PLAN = [
  ...[
    'file',
    'gpu',
    'format',
    'engine',
    'kvCacheDtype',
    'utilization',
    'mmEncoder',
    'maxNumSeqs',
    'maxNumBatchedTokens',
    'draft',
    'draftTokens',
  ],
  ...['enforceEager', 'graphEstimate', 'gpus', 'tp', 'pp', 'dp', 'ep', 'dcp', 'attentionDp', 'ctx', 'sequences'],
  ...['ram', 'disk', 'gpuExperts', 'prefill', 'prefillChunk'],
] as const satisfies readonly (keyof DeployWords)[];

function refuseBeside(words: DeployWords): void {
  const said = SAID_BY_PLAN.find((name) => words[name] !== undefined);
  if (said === undefined) return;
  throw new Fault('contradiction', 'the plan of a file says it already', {
    where: flagOf(said),
    value: words[said],
    allowed: 'the file or options',
  });
}

/**
 * Answers for a plan; what is wrong with one of a file is told at that file.
 *
 * @param file null where options say the plan
 */
export function ofPlan<T>(file: string | undefined, answer: () => T): T {
  try {
    return answer();
  } catch (error) {
    if (file === undefined || !(error instanceof Fault)) throw error;
    const { where } = error.details;
    const isSaid = where === '--model' || SAID_BY_PLAN.some((name) => flagOf(name) === where);
    throw isSaid ? new Fault(error.code, error.reason, { ...error.details, where: `${file} (as ${where})` }) : error;
  }
}

async function fromFile(path: string, words: DeployWords): Promise<FoundPlan> {
  refuseBeside(words);
  const { readPlanFile } = await import('../deploy/planFile.ts');
  const { plan, calibration: made, verdict } = readPlanFile(path, words.row);
  const { calibration } = await calibrationFrom(words.calibration);
  if (made !== null && !calibration)
    throw new Fault('missing', `the plan was made with the calibration ${made}`, {
      where: '--calibration',
      allowed: 'the file that the answer was given with',
    });
  if (plan.kind === 'offload') return { plan, verdict };
  return { plan: { kind: 'gpu', query: { ...plan.query, ...(calibration ? { calibration } : {}) } }, verdict };
}

/**
 * The plan that a command line asks to deploy: of a file, or as the options of `fit` say it.
 *
 * @throws Fault where file and options contradict each other
 */
export async function planFrom(words: DeployWords): Promise<FoundPlan> {
  if (words.plan !== undefined) return fromFile(words.plan, words);
  const { isOffloadEngine } = await import('../plan/offload/offloadQuestion.ts');
  if (words.engine !== undefined && isOffloadEngine(words.engine))
    return { plan: { kind: 'offload', query: offloadQueryOf(words) }, verdict: null };
  if (words.format?.toLowerCase() === 'all' && words.row === undefined)
    throw new Fault('contradiction', 'one format is deployed', { where: '--format', value: words.format, allowed: 'one format' });
  const { calibration } = await calibrationFrom(words.calibration);
  return { plan: { kind: 'gpu', query: { ...fitQueryOf(words), ...(calibration ? { calibration } : {}) } }, verdict: null };
}
