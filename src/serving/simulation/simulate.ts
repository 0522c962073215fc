import type { TrafficRequest } from '../../workload/traffic.ts';
import type { OpenConversation } from './conversations.ts';
import { EventHeap } from './eventHeap.ts';
import { checkFleet, checkRequests, type FleetSettings, fits } from './fleetSettings.ts';
import { emptyRecords, type Records, type Usage, UsageMeter } from './records.ts';
import { type Listener, SimulatedReplica } from './replica.ts';
import { Router } from './router.ts';
import { ConversationNumbers, type Sequence, sequenceOf } from './sequence.ts';

/** A simulated fleet: what became of each request, and what it took. */
export interface Simulation {
  readonly records: Records;
  readonly usage: Usage;
  readonly iterations: number;
  readonly preemptions: number;
  /** Requests that began anew because their replica failed. */
  readonly restarts: number;
  /** Requests whose context no replica can hold. */
  readonly refused: number;
  /** All prompt tokens computed, and those of them computed in vain or again (preemption, failure). */
  readonly prefillTokens: number;
  readonly recomputedTokens: number;
  /** Most tokens that the KV cache of a replica ever held, unused blocks included. */
  readonly kvPeakTokens: number;
  readonly warmUpMs: number;
}

/** Events are numbers: a kind, the replica, and for the end of a run its version, because runs are cut and replicas fail. */
const RUN_ENDS = 0;
const FAILS = 1;
const RETURNS = 2;
/** An idle replica begins, after all that comes at the same time. */
const WAKES = 3;
const KINDS = 4;

class Fleet implements Listener {
  readonly records: Records;
  restarts = 0;
  refused = 0;
  recomputedTokens = 0;
  kvPeakTokens = 0;
  readonly replicas: readonly SimulatedReplica[];
  private readonly settings: FleetSettings;
  private readonly requests: readonly TrafficRequest[];
  private readonly events = new EventHeap();
  private readonly router: Router;
  private readonly meter: UsageMeter;
  private readonly names = new ConversationNumbers();
  private readonly versions: Float64Array;
  /** For whom no replica is up. */
  private stranded: number[] = [];
  /** Conversations of which a request is in the fleet, with those that wait for its answer. */
  private readonly turns = new Map<string, number[]>();

  constructor(settings: FleetSettings, requests: readonly TrafficRequest[], meter: UsageMeter) {
    this.settings = settings;
    this.requests = requests;
    this.meter = meter;
    this.records = emptyRecords(requests.length);
    this.replicas = Array.from({ length: settings.replicas }, () => new SimulatedReplica(settings, this));
    this.router = new Router(settings.routing, settings.replicas);
    this.versions = new Float64Array(settings.replicas);
    for (const { replica, atMs, backAfterMs } of settings.failures) {
      this.push(atMs, FAILS, replica);
      if (backAfterMs !== null) this.push(atMs + backAfterMs, RETURNS, replica);
    }
  }

  /** What replicas hold before the first request. */
  warm(open: readonly OpenConversation[]): void {
    const { reuse } = this.settings;
    if (reuse.kind !== 'conversation') return;
    for (const { conversation, inputTokens, tokens } of open) {
      const replica = this.replicas[this.router.place(conversation)];
      const whole = Math.floor(tokens / reuse.blockTokens) * reuse.blockTokens;
      replica?.pool.keep(this.names.numberOf(conversation, inputTokens), whole);
    }
  }

  /** Arrivals come before anything else at the same time. */
  play(): void {
    const { requests, events } = this;
    let next = 0;
    while (next < requests.length || events.size > 0) {
      const atMs = requests[next]?.atMs ?? Number.POSITIVE_INFINITY;
      if (next < requests.length && atMs <= events.nextTime) this.arrive(next++, atMs);
      else this.handle(events.nextTime, events.pop());
    }
  }

  private push(atMs: number, kind: number, replica: number): void {
    this.events.push(atMs, ((this.versions[replica] as number) * this.settings.replicas + replica) * KINDS + kind);
  }

  private handle(nowMs: number, event: number): void {
    const kind = event % KINDS;
    const rest = (event - kind) / KINDS;
    const at = rest % this.settings.replicas;
    if (kind === FAILS) this.fail(at, nowMs);
    else if (kind === RETURNS) this.comeBack(at, nowMs);
    else if (kind === WAKES) this.wake(at, nowMs);
    else if ((rest - at) / this.settings.replicas === this.versions[at]) this.endRun(at, nowMs);
  }

  private arrive(index: number, nowMs: number): void {
    const request = this.requests[index] as TrafficRequest;
    this.records.arrivalMs[index] = request.atMs;
    if (!fits(request, this.settings)) this.refused++;
    else if (this.hasTurn(request, index)) this.dispatch(index, nowMs);
  }

  /** Whether no request of the same conversation is in the fleet; else this one waits until it is answered. */
  private hasTurn({ conversation }: TrafficRequest, index: number): boolean {
    if (this.settings.reuse.kind !== 'conversation' || conversation === null) return true;
    const waiting = this.turns.get(conversation);
    if (!waiting) this.turns.set(conversation, []);
    waiting?.push(index);
    return !waiting;
  }

  /** Sends the next request of a conversation, which then comes now. */
  private nextTurn({ conversation }: TrafficRequest, nowMs: number): void {
    const waiting = conversation === null ? undefined : this.turns.get(conversation);
    if (conversation === null || !waiting) return;
    const next = waiting.shift();
    if (next === undefined) {
      this.turns.delete(conversation);
      return;
    }
    this.records.arrivalMs[next] = nowMs;
    this.dispatch(next, nowMs);
  }

  private dispatch(index: number, nowMs: number): void {
    const request = this.requests[index] as TrafficRequest;
    const at = this.router.send(request);
    if (at < 0) {
      this.stranded.push(index);
      return;
    }
    const { kind } = this.settings.reuse;
    const named = kind === 'conversation' && request.conversation !== null;
    const number = named ? this.names.numberOf(request.conversation as string, request.inputTokens) : null;
    const replica = this.replicas[at] as SimulatedReplica;
    this.records.replica[index] = at;
    const cuts = replica.add(sequenceOf(index, request, number, kind === 'blocks'));
    if (!replica.running) this.push(nowMs, WAKES, at);
    else if (cuts) {
      this.versions[at] = (this.versions[at] as number) + 1;
      this.push(replica.run.cutAt(nowMs), RUN_ENDS, at);
    }
  }

  private wake(at: number, nowMs: number): void {
    if (!(this.replicas[at] as SimulatedReplica).running) this.beginRun(at, nowMs);
  }

  private beginRun(at: number, nowMs: number): void {
    const replica = this.replicas[at] as SimulatedReplica;
    const endMs = replica.begin(nowMs);
    if (endMs < 0) return;
    this.versions[at] = (this.versions[at] as number) + 1;
    this.push(endMs, RUN_ENDS, at);
  }

  private endRun(at: number, nowMs: number): void {
    const replica = this.replicas[at] as SimulatedReplica;
    const { pool, run } = replica;
    const grown = run.batch.decodeSequences * this.settings.tokensPerStep * run.iterations;
    this.meter.ran(run.startMs, nowMs, pool.held + grown / 2);
    this.kvPeakTokens = Math.max(this.kvPeakTokens, pool.held + grown, pool.held + pool.unused);
    replica.end(nowMs);
    this.beginRun(at, nowMs);
  }

  private fail(at: number, nowMs: number): void {
    if (!this.router.up[at]) return;
    this.router.up[at] = false;
    const replica = this.replicas[at] as SimulatedReplica;
    if (replica.running) this.meter.ran(replica.run.startMs, nowMs, replica.pool.held);
    this.versions[at] = (this.versions[at] as number) + 1;
    const lost = replica.fail(nowMs);
    for (const sequence of lost) this.router.ended(this.requests[sequence.index] as TrafficRequest, at);
    for (const { index, begun } of lost) {
      if (begun) this.recomputedTokens += this.records.prefilledTokens[index] as number;
      if (!Number.isNaN(this.records.admittedMs[index] as number)) this.restarts++;
      this.records.admittedMs[index] = Number.NaN;
      this.records.firstTokenMs[index] = Number.NaN;
      this.dispatch(index, nowMs);
    }
  }

  private comeBack(at: number, nowMs: number): void {
    this.router.up[at] = true;
    const waiting = this.stranded;
    this.stranded = [];
    for (const index of waiting) this.dispatch(index, nowMs);
  }

  admitted({ index }: Sequence, nowMs: number): void {
    if (Number.isNaN(this.records.admittedMs[index] as number)) this.records.admittedMs[index] = nowMs;
  }

  firstToken({ index, reusedTokens, inputTokens }: Sequence, nowMs: number): void {
    this.records.firstTokenMs[index] = nowMs;
    this.records.reusedTokens[index] = reusedTokens;
    this.records.prefilledTokens[index] = inputTokens - reusedTokens;
  }

  ended({ index, outputTokens }: Sequence, nowMs: number): void {
    this.records.endMs[index] = nowMs;
    this.records.outputTokens[index] = outputTokens;
    this.meter.request(this.records.arrivalMs[index] as number, nowMs);
    const request = this.requests[index] as TrafficRequest;
    this.router.ended(request, this.records.replica[index] as number);
    this.nextTurn(request, nowMs);
  }
}

/**
 * Plays requests through a fleet of replicas that batch continuously, iteration by iteration: each iteration gives every decoding
 * sequence a token and computes chunks of waiting prompts beside it; the first token comes with the last chunk. Iterations in which
 * nothing but the context changes are taken together, exactly. Where conversations find their prefix, the next request of one comes when
 * the last was answered, and not before its time. Without chance: same requests, same result.
 *
 * @param settings replicas with their clock, KV cache and limits, routing, failures and warm-up
 * @param requests in the order of time
 * @param open conversations whose prefix is there at the start, the longest ago first; only where conversations find theirs
 * @returns times and tokens of each request, usage and counts
 * @throws Fault `invalid` for settings out of range or requests out of order
 * @example simulate(millisecondSteps, [{ atMs: 5, inputTokens: 9, outputTokens: 3, blocks: null, conversation: null }]).records.endMs[0] // 8
 */
export function simulate(settings: FleetSettings, requests: readonly TrafficRequest[], open: readonly OpenConversation[] = []): Simulation {
  checkFleet(settings);
  checkRequests(requests);
  const { warmUpMs, replicas, kvTokens } = settings;
  const meter = new UsageMeter(warmUpMs, Math.max(warmUpMs, requests.at(-1)?.atMs ?? 0));
  const fleet = new Fleet(settings, requests, meter);
  fleet.warm(open);
  fleet.play();
  const sum = (of: (replica: SimulatedReplica) => number) => fleet.replicas.reduce((total, replica) => total + of(replica), 0);
  return {
    records: fleet.records,
    usage: meter.usage(replicas, kvTokens),
    iterations: sum((replica) => replica.iterations),
    preemptions: sum((replica) => replica.preemptions),
    restarts: fleet.restarts,
    refused: fleet.refused,
    prefillTokens: sum((replica) => replica.prefillTokens),
    recomputedTokens: fleet.recomputedTokens + sum((replica) => replica.recomputedTokens),
    kvPeakTokens: fleet.kvPeakTokens,
    warmUpMs,
  };
}
