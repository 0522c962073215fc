import type { LadderStep } from '../ladder/step.ts';

/** Why a load generator cannot be told to send a step; null where it can. */
function reason({ shape, load }: LadderStep): string | null {
  if (shape.conversation !== undefined) return 'conversations that grow by turns are sent by kplan calibrate alone';
  if (load.kind === 'share-of-found') return 'its rate depends on the most that the steps before reach';
  return null;
}

function loadWords({ load }: LadderStep): string {
  if (load.kind === 'share-of-found') return `at ${load.share} of the rate found`;
  return load.kind === 'rate' ? `at ${load.requestsPerSecond} requests per second` : `with ${load.concurrency} in flight`;
}

/**
 * The comment that stands for a step which cannot be written; it is one line in a shell and in YAML, whatever the shape is called.
 *
 * @returns null for a step that can be written
 */
export function leftOut(step: LadderStep): string | null {
  const why = reason(step);
  const name = step.shape.name.replace(/[^\w.@-]+/g, '_');
  return why === null ? null : `# left out: step ${step.place + 1}, ${name} ${loadWords(step)}: ${why}`;
}
