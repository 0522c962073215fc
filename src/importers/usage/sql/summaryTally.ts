import type { TokenLeaves } from '../../../cost/tokenLeaves.ts';
import { Fault, inert } from '../../../faults/fault.ts';
import { arrivalsOfSums } from '../../../workload/arrivalTally.ts';
import { DayProfile } from '../../../workload/dayProfile.ts';
import type { GapSums } from '../../../workload/stepGaps.ts';
import type { BadRowCount } from '../badRows.ts';
import { grow, type UsageTally } from '../usageTally.ts';
import type { SummaryRow } from './summaryRow.ts';

type Sums = SummaryRow['sums'];

function leavesIn({ input_tokens, output_tokens, cache_read, cache_write, thinking_tokens }: Sums): TokenLeaves {
  return {
    uncached: input_tokens - cache_read - cache_write,
    cacheRead: cache_read,
    cacheWrite: cache_write,
    cacheWrite1h: 0,
    output: output_tokens,
    thinking: thinking_tokens,
  };
}

function gapsIn(sums: Sums): GapSums {
  return {
    stepMs: sums.step_us / 1000,
    requests: sums.requests,
    instants: sums.instants,
    firstRequests: sums.first_requests,
    lastRequests: sums.last_requests,
    lastMs: sums.last_us / 1000,
    squares: sums.squares_ms2,
  };
}

function total(rows: readonly SummaryRow[]): number {
  return rows.reduce((sum, { sums }) => sum + sums.requests, 0);
}

/** The rows of one result, put into a tally as if the requests had been. */
export class SummaryTally {
  readonly #rows: SummaryRow[] = [];

  add(row: SummaryRow): void {
    this.#rows.push(row);
  }

  /**
   * Fills the tally.
   *
   * @param where the file, for messages
   * @param strict refuses a table that has broken rows
   * @returns rows of the table that was summed
   * @throws Fault `invalid` where rows of the result are missing, as after an export of its first ones alone
   */
  into(tally: UsageTally, bad: BadRowCount, where: string, strict: boolean): number {
    this.#checkWhole(where);
    for (const { name, sums } of this.#of('broken')) {
      if (strict)
        throw new Fault('invalid', `broken rows in the table: ${name}`, {
          where,
          value: `${sums.requests} rows`,
          allowed: 'none, under --strict',
        });
      bad.addCounted(name ?? 'broken', sums.requests);
    }
    for (const { sums } of this.#of('used')) this.#use(tally, sums);
    for (const { sums } of this.#of('no output')) {
      tally.counts.noOutput += sums.requests;
      if (sums.paid === 1) this.#pay(tally, sums);
    }
    for (const { sums } of this.#of('length')) tally.lengths.addBin(sums.input_tokens, sums.output_tokens, sums.requests);
    for (const { name, sums } of this.#of('model')) {
      if (name === null) continue;
      const there = tally.models.get(inert(name)) ?? { requests: 0, inputTokens: 0, outputTokens: 0 };
      tally.models.set(inert(name), {
        requests: (there.requests ?? 0) + sums.requests,
        inputTokens: there.inputTokens + sums.input_tokens,
        outputTokens: there.outputTokens + sums.output_tokens,
      });
    }
    this.#time(tally);
    return total(this.#of('all'));
  }

  #of(kind: SummaryRow['kind']): readonly SummaryRow[] {
    return this.#rows.filter((row) => row.kind === kind);
  }

  /** Each kind of row sums the same requests. */
  #checkWhole(where: string): void {
    const used = this.#of('used');
    const timed = total(used.filter(({ sums }) => sums.timed === 1));
    const raw = this.#of('step').filter(({ sums }) => sums.step_us === 0);
    const pairs = [
      ['kind', total([...used, ...this.#of('no output'), ...this.#of('broken')]), total(this.#of('all'))],
      ['length', total(this.#of('length')), total(used)],
      ['model', total(this.#of('model')), total(used)],
      ['hour', total(this.#of('hour')), timed],
      ['step of time', total(raw), timed],
    ] as const;
    for (const [what, found, all] of pairs)
      if (found !== all)
        throw new Fault('invalid', `the result is not whole: its rows by ${what} sum ${found} requests, not ${all}`, {
          where,
          allowed: 'all rows of the result; some tools save the first ones alone',
        });
  }

  #use(tally: UsageTally, sums: Sums): void {
    const { counts } = tally;
    const leaves = leavesIn(sums);
    counts.used += sums.requests;
    tally.requests += sums.requests;
    grow(tally.leaves, leaves);
    if (sums.timed === 0) {
      counts.noTime += sums.requests;
      tally.cached.add(null, leaves.cacheRead, sums.input_tokens);
    } else {
      tally.firstMs = Math.min(tally.firstMs, sums.first_us / 1000);
      tally.lastMs = Math.max(tally.lastMs, sums.last_us / 1000);
    }
    if (sums.cached_known === 0) counts.cachedUnknown += sums.requests;
    if (sums.thinking_known === 1) {
      tally.thinkingTokens += leaves.thinking;
      tally.thinkingOutput += leaves.output;
    }
    if (sums.paid === 1) this.#pay(tally, sums);
  }

  #pay(tally: UsageTally, sums: Sums): void {
    tally.counts.paid += sums.requests;
    tally.paidUsd += sums.usd;
    grow(tally.paidLeaves, leavesIn(sums));
    tally.paidRequests = (tally.paidRequests ?? 0) + sums.requests;
  }

  #time(tally: UsageTally): void {
    const day = new DayProfile();
    for (const { sums } of this.#of('hour')) {
      const hourMs = sums.hour_us / 1000;
      day.add(hourMs, sums.requests);
      tally.cached.add(hourMs, sums.cache_read, sums.input_tokens);
    }
    const steps = this.#of('step').map(({ sums }) => gapsIn(sums));
    const raw = steps.find(({ stepMs }) => stepMs === 0);
    if (!raw) return;
    const rounded = steps.filter(({ stepMs }) => stepMs > 0).sort((a, b) => b.stepMs - a.stepMs);
    tally.times.addCounted(raw.requests, arrivalsOfSums(tally.firstMs, rounded, raw, day));
  }
}
