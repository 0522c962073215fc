import { Fault } from '../../faults/fault.ts';
import { apiReuse } from '../../workload/loadPoint.ts';
import { cappedCurve, reuseKnee } from '../../workload/reuse/curveLine.ts';
import type { Workload } from '../../workload/workload.ts';
import type { Catalog } from '../catalog.ts';
import { type HostingQuery, type HostingQuestion, resolveHostingQuery } from '../hosting/hostingQuestion.ts';

/** What `reuse` is asked: a workload with a curve, and where it may go. */
export type ReuseQuery = Omit<HostingQuery, 'reuse' | 'terms'>;

export interface ReuseQuestion {
  readonly hosting: HostingQuestion;
  readonly workload: Workload;
  readonly knee: Workload['reuseCurve'][number];
}

/**
 * Resolves names, fills defaults and refuses what cannot be meant.
 *
 * @throws Fault `missing` where the workload tells of no curve, and as `breakEven` does
 */
export function resolveReuseQuery(query: ReuseQuery, catalog: Catalog): ReuseQuestion {
  const hosting = resolveHostingQuery(query, catalog);
  const { workload } = hosting.demand;
  const curve = cappedCurve(workload?.reuseCurve ?? [], apiReuse(hosting.demand));
  const knee = reuseKnee(curve);
  if (!workload || !knee)
    throw new Fault('missing', 'how much of the input a KV cache of which size finds is not known of this traffic', {
      where: '--workload',
      ...(workload ? { value: workload.id } : {}),
      allowed: `a workload with a curve of reuse: ${catalog.workloads
        .filter(({ reuseCurve }) => reuseCurve.length > 0)
        .map(({ id }) => id)
        .join(', ')}`,
    });
  return { hosting, workload, knee };
}
