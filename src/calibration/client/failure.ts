import type { FailureCode } from './record.ts';

/** Why a request gave no full answer, in words that may be printed. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
}

/** A failure on its way to the record. */
export class Failed extends Error {
  readonly failure: Failure;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.failure = { code, message };
  }
}

const BY_STATUS: Readonly<Record<number, FailureCode>> = {
  401: 'unauthorised',
  402: 'unauthorised',
  403: 'unauthorised',
  404: 'not-found',
  410: 'not-found',
  429: 'rate-limited',
};

/**
 * What a status that is no success means.
 *
 * @example [403, 429, 503, 422].map(statusCode) // ['unauthorised', 'rate-limited', 'server-error', 'bad-request']
 */
export function statusCode(status: number): FailureCode {
  return BY_STATUS[status] ?? (status >= 500 ? 'server-error' : 'bad-request');
}

const DNS: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);
const RESET: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
/** Timeouts of the built-in fetch, which come after 300 s (10 s for the connection itself). */
const TIMED_OUT: Readonly<Record<string, FailureCode>> = {
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  UND_ERR_HEADERS_TIMEOUT: 'connect-timeout',
  UND_ERR_BODY_TIMEOUT: 'idle-timeout',
};
const TLS = /^(CERT_|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/**
 * What an error of fetch means before the headers have come.
 *
 * @param host that was asked
 */
export function connectFailure(error: unknown, host: string): Failure {
  const cause = causeOf(error);
  const timedOut = TIMED_OUT[cause];
  if (timedOut) return { code: timedOut, message: `no connection to ${host} (${cause})` };
  if (RESET.has(cause)) return { code: 'reset', message: `${host} closed the connection before it answered (${cause})` };
  if (cause.startsWith('HPE_')) return { code: 'malformed', message: `${host} does not speak HTTP (${cause})` };
  const why = DNS.has(cause) ? 'the name is not known' : TLS.test(cause) ? 'TLS failed' : 'no connection';
  return { code: 'refused', message: `${why}: ${host} (${cause})` };
}

/** What an error means while the body is read. */
export function bodyFailure(error: unknown): Failure {
  const cause = causeOf(error);
  const timedOut = TIMED_OUT[cause];
  if (timedOut) return { code: timedOut, message: `the answer stopped (${cause})` };
  if (cause === 'Z_DATA_ERROR') return { code: 'malformed', message: 'the compressed answer cannot be read' };
  return { code: 'reset', message: `the connection broke within the answer (${cause})` };
}

/** The code of the innermost cause, never its message, which may quote what was sent. */
function causeOf(error: unknown): string {
  let at = error;
  for (let depth = 0; depth < 8 && at instanceof Error; depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    at = at.cause;
  }
  return 'unknown cause';
}
