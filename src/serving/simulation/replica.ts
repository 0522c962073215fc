import { KvPool } from './kvPool.ts';
import { admit, publish, type Reuse, release } from './prefix.ts';
import { Queue } from './queue.ts';
import { Run } from './run.ts';
import type { Sequence } from './sequence.ts';
import type { StepClock } from './stepClock.ts';

/** One replica and how its engine schedules. */
export interface ReplicaSettings {
  readonly clock: StepClock;
  /** Tokens that the KV cache holds. */
  readonly kvTokens: number;
  /** Sequences in one iteration at most (max-num-seqs). */
  readonly maxSequences: number;
  /** Tokens in one iteration at most, a decoding sequence counted as one (max-num-batched-tokens). */
  readonly batchTokens: number;
  /** Tokens that a sequence gains with an iteration on average: 1 without speculation. */
  readonly tokensPerStep: number;
  readonly reuse: Reuse;
}

/** Who is told what happens to sequences. */
export interface Listener {
  admitted(sequence: Sequence, nowMs: number): void;
  firstToken(sequence: Sequence, nowMs: number): void;
  ended(sequence: Sequence, nowMs: number): void;
}

function emptyPool({ kvTokens, reuse }: ReplicaSettings): KvPool {
  return new KvPool(kvTokens, reuse.kind === 'conversation' ? reuse.blockTokens : undefined);
}

/** A replica that batches continuously: each iteration gives every decoding sequence a token and computes chunks of prompts beside it. */
export class SimulatedReplica {
  pool: KvPool;
  readonly run: Run;
  running = false;
  iterations = 0;
  preemptions = 0;
  /** Prompt tokens computed, and those of them that were lost or are computed again. */
  prefillTokens = 0;
  recomputedTokens = 0;
  private readonly settings: ReplicaSettings;
  private readonly listener: Listener;
  private waiting = new Queue<Sequence>();
  private prefilling: Sequence[] = [];
  private decoding: Sequence[] = [];
  private step = 0;
  private contextTokens = 0;

  constructor(settings: ReplicaSettings, listener: Listener) {
    this.settings = settings;
    this.listener = listener;
    this.pool = emptyPool(settings);
    this.run = new Run(settings.clock);
  }

  /** Adds a request; true where the run should be cut for it, because it may be admitted. */
  add(sequence: Sequence): boolean {
    this.waiting.add(sequence);
    const inFlight = this.decoding.length + this.prefilling.length;
    return this.waiting.size === 1 && inFlight < this.settings.maxSequences && this.run.iterations > 1;
  }

  /** Chooses what the next iterations carry; returns when they end, or -1 where there is nothing to do. */
  begin(nowMs: number): number {
    const { decoding, pool, run, settings } = this;
    const preemptedBefore = this.preemptions;
    while (decoding.length * settings.tokensPerStep > pool.free) this.preempt();
    const short = this.preemptions > preemptedBefore;
    const growth = decoding.length * settings.tokensPerStep;
    const { batch } = run;
    batch.decodeSequences = decoding.length;
    batch.contextTokens = this.contextTokens;
    this.fillChunks(nowMs, growth, !short);
    this.running = batch.prefillTokens > 0 || decoding.length > 0;
    if (!this.running) return -1;
    return run.begin(nowMs, batch.prefillTokens > 0 || short ? 1 : this.quietSteps(growth), growth);
  }

  /** Prompts under way first, then waiting ones in their order, as far as tokens, sequences and KV cache allow; none is let in where one was put out. */
  private fillChunks(nowMs: number, growth: number, admits: boolean): void {
    const { prefilling, waiting, settings } = this;
    let budget = settings.batchTokens - this.decoding.length;
    let [tokens, behind] = [0, 0];
    const give = (sequence: Sequence) => {
      const chunk = Math.max(0, Math.min(budget, sequence.promptTokens - sequence.doneTokens));
      sequence.chunkTokens = chunk;
      budget -= chunk;
      tokens += chunk;
      behind += chunk * (sequence.doneTokens + chunk / 2);
    };
    for (const sequence of prefilling) give(sequence);
    while (admits && budget > 0 && prefilling.length + this.decoding.length < settings.maxSequences) {
      const next = waiting.first();
      if (!next || !admit(this.pool, next, settings.reuse, growth)) break;
      waiting.shift();
      prefilling.push(next);
      this.listener.admitted(next, nowMs);
      give(next);
    }
    this.run.batch.prefillTokens = tokens;
    this.run.batch.prefillContextTokens = tokens > 0 ? behind / tokens : 0;
  }

  /** Iterations until a sequence ends or the KV cache is full. */
  private quietSteps(growth: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { endStep } of this.decoding) if (endStep < least) least = endStep;
    return Math.max(1, Math.min(least - this.step, Math.floor(this.pool.free / growth)));
  }

  /** Books the iterations of the run, at the end of which it is called. */
  end(nowMs: number): void {
    const { run, decoding, pool, settings } = this;
    this.running = false;
    this.iterations += run.iterations;
    if (decoding.length > 0) {
      const growth = decoding.length * settings.tokensPerStep * run.iterations;
      this.step += run.iterations;
      this.contextTokens += growth;
      pool.take(growth);
      this.endDecoding(nowMs);
    }
    if (run.batch.prefillTokens > 0) this.endChunks(nowMs);
  }

  private endDecoding(nowMs: number): void {
    const { decoding } = this;
    let kept = 0;
    for (const sequence of decoding) {
      if (sequence.endStep > this.step) decoding[kept++] = sequence;
      else this.leave(sequence, nowMs);
    }
    decoding.length = kept;
    if (kept === 0) this.contextTokens = 0;
  }

  private endChunks(nowMs: number): void {
    const { prefilling } = this;
    let kept = 0;
    for (const sequence of prefilling) {
      sequence.doneTokens += sequence.chunkTokens;
      this.prefillTokens += sequence.chunkTokens;
      if (sequence.begun) this.recomputedTokens += sequence.chunkTokens;
      if (sequence.doneTokens < sequence.promptTokens) prefilling[kept++] = sequence;
      else this.join(sequence, nowMs);
    }
    prefilling.length = kept;
  }

  /** The prompt is computed: a token comes out, and the sequence decodes. */
  private join(sequence: Sequence, nowMs: number): void {
    publish(this.pool, sequence, sequence.promptTokens, this.settings.reuse);
    if (!sequence.begun) this.listener.firstToken(sequence, nowMs);
    sequence.begun = true;
    sequence.generated++;
    sequence.joinedStep = this.step;
    sequence.endStep = this.step + Math.ceil((sequence.outputTokens - sequence.generated) / this.settings.tokensPerStep);
    if (sequence.endStep === this.step) {
      this.leave(sequence, nowMs);
      return;
    }
    this.decoding.push(sequence);
    this.contextTokens += sequence.promptTokens;
  }

  /** Takes a decoding sequence's growth into its own tokens. */
  private settle(sequence: Sequence): number {
    const grown = (this.step - sequence.joinedStep) * this.settings.tokensPerStep;
    sequence.ownTokens += grown;
    sequence.joinedStep = this.step;
    if (grown > 0 || sequence.endStep > this.step) this.contextTokens -= sequence.promptTokens + grown;
    return grown;
  }

  private leave(sequence: Sequence, nowMs: number): void {
    const grown = this.settle(sequence);
    publish(this.pool, sequence, sequence.promptTokens + grown, this.settings.reuse);
    release(this.pool, sequence);
    this.listener.ended(sequence, nowMs);
  }

  /** The sequence that was admitted last gives up its KV cache and waits before all others. */
  private preempt(): void {
    const prompt = this.prefilling.pop();
    const sequence = prompt ?? (this.decoding.pop() as Sequence);
    if (prompt) {
      if (!prompt.begun) this.recomputedTokens += prompt.doneTokens - prompt.reusedTokens;
    } else {
      const grown = this.settle(sequence);
      sequence.generated = Math.min(sequence.outputTokens - 1, sequence.generated + Math.floor(grown));
      sequence.promptTokens = sequence.inputTokens + sequence.generated;
    }
    release(this.pool, sequence);
    this.preemptions++;
    this.waiting.putBack(sequence);
  }

  /** Loses its KV cache and all work under way; returns the requests that it had, as if nobody had begun them. */
  fail(nowMs: number): Sequence[] {
    if (this.running) this.iterations += this.run.endedBy(nowMs);
    this.running = false;
    const lost: Sequence[] = [...this.decoding, ...this.prefilling];
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) lost.push(next);
    for (const sequence of this.prefilling) if (!sequence.begun) this.recomputedTokens += sequence.doneTokens - sequence.reusedTokens;
    this.decoding = [];
    this.prefilling = [];
    this.contextTokens = 0;
    this.pool = emptyPool(this.settings);
    return lost;
  }
}
