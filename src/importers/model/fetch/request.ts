import { tooLarge } from '../../../catalog/inputFile.ts';
import { Fault } from '../../../faults/fault.ts';
import type { ImportEnvironment } from '../environment.ts';
import { Patience } from './patience.ts';

/** What is asked of a server. */
export interface Request {
  readonly url: URL;
  /** Bytes of the answer that are taken at most. */
  readonly mostBytes: number;
  /** Bytes that are expected, where they are fewer: they set how long the answer may take. */
  readonly expectedBytes?: number;
  /** Sent as bearer to the host of `url`, and to no other. */
  readonly token?: string | undefined;
  /** Whether the host of `url` is the hub, which alone is sent the token. */
  readonly hub?: boolean | undefined;
  /** `bytes=0-7`. */
  readonly range?: string;
}

/** A whole answer with status 200 or 206. */
export interface Answer {
  readonly status: 200 | 206;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const TRIES = 4;
/** Tries of a server that stays silent. */
const SILENT_TRIES = 2;
const LONGEST_WAIT_MS = 60_000;
const DEFAULT_PATIENCE_MS = 8_000;
/** Slower than this over a whole answer counts as no answer. */
const LEAST_BYTES_PER_MS = 100;

/** An address as messages show it: without a query, which may be a signature. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** A fault that may pass: the same request can succeed later. */
class Passing extends Error {
  readonly fault: Fault;
  readonly waitMs: number | null;
  readonly tries: number;
  constructor(fault: Fault, waitMs: number | null = null, tries = TRIES) {
    super(fault.message);
    this.fault = fault;
    this.waitMs = waitMs;
    this.tries = tries;
  }
}

function unavailable(reason: string, url: URL, details: { value?: unknown; allowed?: string } = {}): Fault {
  return new Fault('unavailable', reason, { where: shown(url), ...details });
}

function retryAfterMs(headers: Headers, now: Date): number | null {
  const text = headers.get('retry-after') ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}

/** Why a server forbids, and what would help: the token goes to the hub alone. */
function forbidden(url: URL, status: number, tokenSent: boolean, hub: boolean): Fault {
  const value = `HTTP ${status}`;
  if (tokenSent)
    return unavailable('the server did not accept the token', url, { value, allowed: 'a token whose owner may read this repository' });
  if (hub)
    return unavailable('the server asks for a token', url, { value, allowed: 'a token in HF_TOKEN, and its terms accepted on its page' });
  return unavailable('the server asks who is there, and kplan sends a token to no server but the hub', url, {
    value,
    allowed: 'an address that anybody may read, hf:OWNER/NAME, or a copy of the files on this machine',
  });
}

interface Sender {
  readonly tokenSent: boolean;
  readonly hub: boolean;
}

function refusal(response: Response, url: URL, { tokenSent, hub }: Sender, now: Date): Fault | Passing {
  const { status, headers } = response;
  if (status === 401 || status === 403) return forbidden(url, status, tokenSent, hub);
  if (status === 404 || status === 410)
    return new Fault('missing', 'no such file on the server', { where: shown(url), value: `HTTP ${status}` });
  const waitMs = retryAfterMs(headers, now);
  const wait = waitMs === null ? '' : `, to be asked again after ${Math.ceil(waitMs / 1000)} s`;
  const reason = status === 429 ? 'the server had too many requests' : 'the server refused';
  const fault = unavailable(reason, url, { value: `HTTP ${status}${wait}` });
  return status === 429 || status >= 500 ? new Passing(fault, waitMs) : fault;
}

function redirectTarget(response: Response, url: URL): URL {
  const location = response.headers.get('location') ?? '';
  const target = location !== '' && URL.canParse(location, url.href) ? new URL(location, url) : null;
  if (!target || !['https:', 'http:'].includes(target.protocol) || target.username || target.password)
    throw unavailable('a redirect that leads nowhere', url);
  if (url.protocol === 'https:' && target.protocol === 'http:') throw unavailable('a redirect from https to http', url);
  return target;
}

async function firstAnswer(request: Request, env: ImportEnvironment, signal: AbortSignal): Promise<{ response: Response; url: URL }> {
  let { url, token } = request;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const headers = new Headers({ 'accept-encoding': 'identity', 'user-agent': 'kplan' });
    if (request.range) headers.set('range', request.range);
    if (token) headers.set('authorization', `Bearer ${token}`);
    const response = await env.fetch(url.href, { headers, redirect: 'manual', signal });
    if (response.status === 200 || response.status === 206) return { response, url };
    await response.body?.cancel();
    if (!REDIRECTS.has(response.status)) {
      const hub = request.hub === true && url.origin === request.url.origin;
      throw refusal(response, url, { tokenSent: token !== undefined, hub }, env.now());
    }
    const target = redirectTarget(response, url);
    if (target.origin !== url.origin) token = undefined;
    url = target;
  }
  throw unavailable('too many redirects', request.url, { allowed: `at most ${MOST_REDIRECTS}` });
}

function excess(response: Response, url: URL, seen: number | string, { range, mostBytes }: Request): Fault {
  if (range === undefined || response.status === 206) return tooLarge(shown(url), seen, mostBytes);
  const allowed = `a server that answers to Range, or at most ${mostBytes} bytes`;
  return unavailable('the server sends the whole of a large file instead of a part', url, { value: `${seen} bytes`, allowed });
}

async function bodyOf(response: Response, url: URL, request: Request, heard: () => void): Promise<Uint8Array> {
  const announced = Number(response.headers.get('content-length') ?? Number.NaN);
  if (announced > request.mostBytes) {
    await response.body?.cancel();
    throw excess(response, url, announced, request);
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    heard();
    length += part.length;
    if (length > request.mostBytes) throw excess(response, url, `more than ${request.mostBytes}`, request);
    parts.push(part);
  }
  if (length < announced) throw new Passing(unavailable('the answer was cut off', url, { value: `${length} of ${announced} bytes` }));
  return Buffer.concat(parts);
}

async function attempt(request: Request, env: ImportEnvironment): Promise<Answer> {
  const patienceMs = env.patienceMs ?? DEFAULT_PATIENCE_MS;
  const patience = new Patience(patienceMs, Math.ceil((request.expectedBytes ?? request.mostBytes) / LEAST_BYTES_PER_MS));
  const { signal } = patience;
  let started: { response: Response; url: URL } | undefined;
  try {
    started = await firstAnswer(request, env, signal);
    const { response, url } = started;
    patience.heard();
    const body = await bodyOf(response, url, request, () => patience.heard());
    return { status: response.status as 200 | 206, headers: response.headers, body };
  } catch (error) {
    if (error instanceof Fault || error instanceof Passing) throw error;
    const { url } = started ?? request;
    if (signal.aborted) {
      const allowed = `no silence of more than ${patienceMs / 1000} s`;
      throw new Passing(unavailable('the server did not answer in time', url, { allowed }), null, SILENT_TRIES);
    }
    if (started) throw new Passing(unavailable('the answer was cut off', url));
    throw unavailable('the server cannot be reached', url);
  } finally {
    patience.done();
  }
}

/**
 * Asks a server and takes the whole answer: redirects are followed with the token kept from other hosts, answers that may pass (429,
 * 5xx, cut off) are asked for again after a wait that the server may name, a silent server is asked once more, and nothing of unbounded size is taken.
 *
 * @throws Fault `unavailable` (network, refusal, time), `missing` (404), `invalid` (too large); none of them holds the token
 */
export async function ask(request: Request, env: ImportEnvironment): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(request, env);
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      const waitMs = error.waitMs ?? 1000 * 2 ** (tries - 1);
      if (tries >= error.tries || waitMs > LONGEST_WAIT_MS) throw error.fault;
      await env.sleep(waitMs);
    }
  }
}
