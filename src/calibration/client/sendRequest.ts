import { errorOf, fieldsOf } from './answerPart.ts';
import { AnswerReader } from './answerReader.ts';
import type { Ask, AssistantMessage } from './ask.ts';
import { drained, headOf } from './body.ts';
import type { Endpoint } from './endpoint.ts';
import { endpointText } from './endpointText.ts';
import { pathUrl } from './endpointUrl.ts';
import { exchange } from './exchange.ts';
import { bodyFailure, Failed, type Failure, statusCode } from './failure.ts';
import type { LagMeter } from './lagMeter.ts';
import { type Lifetime, lifetimeOf } from './lifetime.ts';
import { PROTOCOLS, type Protocol } from './protocols/protocol.ts';
import { type RateLimit, rateLimitsIn } from './rateLimits.ts';
import type { RequestRecord } from './record.ts';
import { retryAfterMs } from './retryAfter.ts';
import { type Redact, redactor } from './secrets.ts';
import type { Ways } from './ways.ts';

/** What came of a request: its record, and the turn of the model, as far as it got, for the next request of a conversation. */
export interface Sent {
  readonly record: RequestRecord;
  readonly answer: AssistantMessage;
}

/** Moments and facts of a request under way. */
interface Course {
  headersMs: number | null;
  firstByteMs: number | null;
  status: number | null;
  retryAfterMs: number | null;
  rateLimits: readonly RateLimit[];
}

/**
 * Sends one request, reads its stream and makes its record. It never tries again: a 429 is a failed record that says how long to wait.
 * Failures of the endpoint are in the record; it throws for nothing that the endpoint does.
 *
 * @param lag measures the delay of the client's event loop; one for all requests of a run
 * @throws Fault where the protocol or the rules of the model do not allow what is asked
 */
export async function sendRequest(endpoint: Endpoint, ask: Ask, ways: Ways & { readonly lag: LagMeter }): Promise<Sent> {
  const { clock, lag } = ways;
  const protocol = PROTOCOLS[endpoint.protocol];
  const redact = redactor([endpoint.key ?? '', ...(ways.keys ?? [])]);
  const said = (line: string) => ways.trace?.(endpointText(redact(`#${ask.recorded.number} ${line}`)));
  const body = JSON.stringify(protocol.body({ model: endpoint.model, continuousUsage: endpoint.continuousUsage ?? false }, ask));
  const reader = new AnswerReader(protocol, redact, ask.recorded.maxOutputTokens);
  const course: Course = { headersMs: null, firstByteMs: null, status: null, retryAfterMs: null, rateLimits: [] };
  const lagged = lag.start();
  const sentMs = clock.now();
  const life = lifetimeOf(ways, sentMs);
  said(`POST ${pathUrl(endpoint.url, protocol.path)} ${body.length} characters`);
  const request = { url: pathUrl(endpoint.url, protocol.path), headers: headersOf(protocol, endpoint.key), body, redact, said };
  const failure = await answered(request, reader, course, life, ways).catch((error: unknown) =>
    reader.tally.error === null ? life.failureOf(error) : reader.failure,
  );
  life.end();
  const endMs = reader.tally.doneMs ?? clock.now();
  said(
    failure
      ? `failed: ${failure.code}: ${failure.message}`
      : `done after ${(endMs - sentMs).toFixed(3)} ms, ${reader.tally.chunks.length} chunks`,
  );
  const record = recordOf({ ask, reader, course, sentMs, endMs, failure, redact, clientLagMs: lagged() });
  return { record, answer: reader.tally.answer };
}

function headersOf(protocol: Protocol, key: string | null): Record<string, string> {
  // Compression would hold tokens back; a server that compresses all the same is read by fetch.
  return { ...protocol.headers(key), 'content-type': 'application/json', accept: 'text/event-stream', 'accept-encoding': 'identity' };
}

interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly redact: Redact;
  readonly said: (line: string) => void;
}

/** Carries the request through; returns why it failed, or throws what broke it. */
async function answered(
  request: Request,
  answer: AnswerReader,
  course: Course,
  life: Lifetime,
  { clock, fetch }: Ways,
): Promise<Failure | null> {
  const response = await exchange({ ...request, method: 'POST', signal: life.signal, fetch: fetch ?? globalThis.fetch });
  const headersMs = clock.now();
  const body = response.body?.getReader();
  course.headersMs = headersMs;
  course.status = response.status;
  course.rateLimits = rateLimitsIn(response.headers);
  life.watch.headers(headersMs);
  request.said(`status ${response.status}`);
  if (!response.ok) {
    course.retryAfterMs = retryAfterMs(response.headers, Date.now());
    const { text } = body ? await headOf(body, () => life.watch.bytes(clock.now())).catch(() => ({ text: '' })) : { text: '' };
    return { code: statusCode(response.status), message: statusMessage(response.status, text, request.redact) };
  }
  if (!body) return { code: 'not-a-stream', message: `status ${response.status} without a body` };
  for (;;) {
    const { done, value } = await body.read().catch((error: unknown) => {
      const { code, message } = bodyFailure(error);
      throw new Failed(code, message);
    });
    const now = clock.now();
    if (done) {
      answer.end(now);
      break;
    }
    const more = answer.feed(value, now);
    life.watch.bytes(now);
    if (course.firstByteMs === null) request.said('first byte');
    course.firstByteMs ??= now;
    if (!more) {
      if (answer.brokenOff) await body.cancel().catch(() => undefined);
      else await drained(body, clock);
      break;
    }
  }
  return answer.failure;
}

/** What an error page says of itself, in one line. */
function statusMessage(status: number, text: string, redact: Redact): string {
  let said = text;
  try {
    const frame = fieldsOf(JSON.parse(text));
    said = errorOf(frame) ?? text;
  } catch {
    // A page of text says it itself.
  }
  const line = endpointText(redact(said));
  return line === '' ? `status ${status}` : `status ${status}: ${line}`;
}

interface Outcome {
  readonly ask: Ask;
  readonly reader: AnswerReader;
  readonly course: Course;
  readonly sentMs: number;
  readonly endMs: number;
  readonly failure: Failure | null;
  readonly redact: Redact;
  readonly clientLagMs: number;
}

function recordOf({ ask, reader, course, sentMs, endMs, failure, redact, clientLagMs }: Outcome): RequestRecord {
  const { tally, oddities } = reader;
  const chunks = tally.chunks.map((chunk) => ({ ...chunk, ms: micros(chunk.ms) }));
  return {
    schema: 'kplan/request@1',
    ask: ask.recorded,
    intendedMs: micros(ask.intendedMs),
    sentMs: micros(sentMs),
    headersMs: orNull(course.headersMs),
    firstByteMs: orNull(course.firstByteMs),
    firstTokenMs: chunks[0]?.ms ?? null,
    firstAnswerMs: orNull(tally.firstAnswerMs),
    lastTokenMs: chunks.at(-1)?.ms ?? null,
    endMs: micros(endMs),
    chunks,
    usage: tally.usage,
    status: course.status,
    finishReason: tally.finishReason === null ? null : endpointText(redact(tally.finishReason), 40),
    failure: failure && { ...failure, message: redact(failure.message) },
    ...(course.retryAfterMs === null ? {} : { retryAfterMs: course.retryAfterMs }),
    ...(course.rateLimits.length === 0 ? {} : { rateLimits: course.rateLimits }),
    ...(oddities === null ? {} : { oddities }),
    clientLagMs: micros(clientLagMs),
  };
}

/** Milliseconds to the microsecond, below which no clock of a client is right. */
function micros(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function orNull(ms: number | null): number | null {
  return ms === null ? null : micros(ms);
}
