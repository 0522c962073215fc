import type { Tariff } from '../../cost/tariff.ts';
import { type HeldRun, NOTHING_HELD } from '../client/readRecords.ts';
import type { RequestRecord } from '../client/record.ts';
import { errorRateReached, type LimitReached, limitReached, type RunLimits } from '../ladder/limits.ts';
import type { LadderShape } from '../ladder/step.ts';
import { worstTokens } from '../ladder/step.ts';
import { spentUsd, worstAskUsd, worstRequestUsd } from '../ladder/worstCase.ts';

/** Keeps account of what a run has sent and spent, and says whether the next request may go. */
export class Spending {
  readonly #limits: RunLimits;
  readonly #tariff: Tariff | null;
  readonly #failed: boolean[] = [];
  #sent = 0;
  #spent: number;
  #inFlight = 0;
  /** By how much the usage of a request went beyond what was thought the worst, at most. */
  #beyond = 1;

  /**
   * @param tariff null where no price is known
   * @param held an earlier part of the run, which counts; what it sent and nobody saw the answer of at its worst case
   */
  constructor(limits: RunLimits, tariff: Tariff | null, held: HeldRun = NOTHING_HELD) {
    this.#limits = limits;
    this.#tariff = tariff;
    this.#sent = held.records.length + held.unanswered.length;
    this.#spent =
      held.records.reduce((sum, record) => sum + (spentUsd(record, tariff) ?? 0), 0) +
      held.unanswered.reduce((sum, ask) => sum + (worstAskUsd(ask, tariff) ?? 0), 0);
  }

  /** Requests sent, those in flight included. */
  get sent(): number {
    return this.#sent;
  }

  /** USD of ended requests, and of those whose end nobody saw; null without a tariff. */
  get spentUsd(): number | null {
    return this.#tariff && this.#spent;
  }

  /** Whether too many of the last requests failed; null where they did not. */
  get errorRate(): LimitReached | null {
    return errorRateReached(this.#limits, this.#failed);
  }

  /** Why the next request may not be sent; null where it may. */
  refusal(shape: LadderShape, elapsedMs: number): LimitReached | null {
    const next = worstRequestUsd(worstTokens(shape), this.#tariff);
    return limitReached(this.#limits, {
      elapsedMs,
      sent: this.#sent,
      spentUsd: this.spentUsd,
      inFlightUsd: this.#tariff && this.#inFlight * this.#beyond,
      nextUsd: next === null ? null : next * this.#beyond,
      failed: this.#failed,
    });
  }

  /** Counts a request as sent; what it returns takes its record. */
  begin(shape: LadderShape): (record: RequestRecord) => void {
    const worst = worstRequestUsd(worstTokens(shape), this.#tariff) ?? 0;
    this.#sent++;
    this.#inFlight += worst;
    return (record) => {
      this.#inFlight -= worst;
      const spent = spentUsd(record, this.#tariff) ?? 0;
      this.#spent += spent;
      if (worst > 0) this.#beyond = Math.max(this.#beyond, spent / worst);
      this.#failed.push(record.failure !== null);
    };
  }
}
