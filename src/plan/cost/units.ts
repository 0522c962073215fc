import type { CostQuestion } from './costQuestion.ts';

/** A month's cost for each user; null without users. */
export function perUser(usdPerMonth: number, { hosting }: CostQuestion): number | null {
  return hosting.volume.users ? usdPerMonth / hosting.volume.users.count : null;
}

/** Cost of a finished task, `requests × cost of one / share of tasks finished`; null where nobody says what a task is. */
export function perTask(usdPerRequest: number, { task }: CostQuestion): number | null {
  return task && (usdPerRequest * task.requests) / task.finishedShare;
}
