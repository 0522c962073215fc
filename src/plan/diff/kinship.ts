import { layoutKey } from '../../layout/layout.ts';
import { loadOf } from '../figures/figure.ts';
import type { FiguredAnswer } from '../figures/figures.ts';
import { RUN_WORDS } from '../fit/question.ts';
import type { Kinship } from './diffAnswer.ts';
import { replicaOf, replicasOf } from './replicas.ts';

/** What of a question shapes a request. */
const OF_REQUEST = ['workload', 'inputTokens', 'outputTokens', 'reuse', 'thinkingRatio'] as const;
/** What of a question decides how a replica runs, beside its layout. */
const OF_RUN = ['kvCacheDtype', ...RUN_WORDS, 'encoderMode'] as const;

/** What of a question decides how much comes to a replica of the fleet that is sized for it. */
const OF_FLEET = ['users', 'requestsPerSecond', 'activeShare', 'conversations', 'spareReplicas', 'maxLoad', 'trace'] as const;
/** What waits hang on, beside the replica. */
const WAITS = /^(ttft|tpot)(-p\d+)?$/;

function said({ query }: FiguredAnswer, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => query[name] ?? null));
}

/** Promises of a question, by which fleets are sized. */
function promised({ query }: FiguredAnswer): string {
  return JSON.stringify(Object.entries(query).filter(([name]) => /^(ttft|tpot)P\d+Ms$/.test(name)));
}

/** A figure by its code and subject on both sides. */
interface Compared {
  readonly code: string;
  readonly subjectBefore: string;
  readonly subject: string;
}

/** Tells of two figures what their replicas and requests have in common. */
export function kinshipBetween(before: FiguredAnswer, after: FiguredAnswer): (compared: Compared) => Kinship {
  const [were, are] = [replicasOf(before), replicasOf(after)];
  const differ = (names: readonly string[]) => said(before, names) !== said(after, names);
  const [otherModel, otherRun, otherRequest] = [differ(['model']), differ(OF_RUN), differ(OF_REQUEST)];
  const otherFleet = after.schema === 'kplan/size@1' && (differ(OF_FLEET) || promised(before) !== promised(after));
  return ({ code, subjectBefore, subject }) => {
    const [was, is] = [replicaOf(subjectBefore, were), replicaOf(subject, are)];
    if (was === undefined && is === undefined) return 'same';
    if (!was || !is || otherModel || was.system !== is.system) return 'other';
    if (otherRun || layoutKey(was.layout) !== layoutKey(is.layout)) return 'layout';
    return otherRequest || loadOf(subjectBefore) !== loadOf(subject) || (otherFleet && WAITS.test(code)) ? 'load' : 'same';
  };
}
