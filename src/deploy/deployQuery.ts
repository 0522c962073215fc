import type { FitQuery } from '../plan/fit/question.ts';
import type { OffloadQuery } from '../plan/offload/offloadQuestion.ts';

/** What `deploy` is asked: a plan, as a question of `fit`, and how it is to be run. */
export interface DeployQuery {
  readonly plan: { readonly kind: 'gpu'; readonly query: FitQuery } | { readonly kind: 'offload'; readonly query: OffloadQuery };
  /** How the user named a model that is not in the catalog. */
  readonly namedModel?: string;
  /** Key of a result. */
  readonly row?: string;
  readonly acceptMarginal?: boolean;
  /** Writes also what does not hold, marked so. */
  readonly force?: boolean;
  readonly modelPath?: string;
  readonly servedName?: string;
  readonly host?: string;
  readonly port?: number;
  readonly image?: string;
  readonly draftModel?: string;
  readonly ray?: boolean;
  readonly cores?: number;
  readonly numaNodes?: number;
  /** Name of the service. */
  readonly name?: string;
  /** Address at which clients reach the deployment, without `/v1`. */
  readonly url?: string;
  readonly replicas?: number;
  /** Replicas that must go on where nodes are drained; one fewer than there are where not asked. */
  readonly leastReplicas?: number;
  readonly loadBytesPerSecond?: number;
}
