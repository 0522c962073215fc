export type Judgement = 'right' | 'wrong' | 'depends';

/** What kplan makes of a claim. */
export interface Judged {
  readonly claimed: string;
  readonly computed: string;
  readonly judgement: Judgement;
  readonly arithmetic: string;
}

/**
 * The judgement of a claim that states several figures, or one for several cases: it depends where some of them agree.
 *
 * @example judgementOf([true, false]) // 'depends'
 */
export function judgementOf(agree: readonly boolean[]): Judgement {
  if (agree.every(Boolean)) return 'right';
  return agree.some(Boolean) ? 'depends' : 'wrong';
}

/**
 * A mismatch that rests on a condition which the claim leaves out is no error of the claim.
 *
 * @param condition in kplan's words
 */
export function conditional(judged: Judged, condition: string | undefined): Judged {
  if (condition === undefined || judged.judgement === 'right') return judged;
  return { ...judged, judgement: 'depends', arithmetic: `${judged.arithmetic}; ${condition}` };
}
