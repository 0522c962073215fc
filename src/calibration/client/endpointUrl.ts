import { Fault } from '../../faults/fault.ts';

/** The address of an endpoint, checked. */
export interface EndpointUrl {
  /** Scheme, host and port: where a key may go. */
  readonly origin: string;
  /** Up to and without `/v1`: health, version and metrics stand under it. */
  readonly root: string;
}

const ALLOWED = 'an address such as http://localhost:8000 or https://api.moonshot.ai/v1';
/** A short name, or one with a dot or a port: anything else may be a secret in the wrong place, which is not repeated. */
const HOST = /^(?=[^/]*[.:]|(?!sk-)[a-z\d-]{1,15}$|localhost)[\w.:[\]-]{1,200}(\/[\w./-]{0,100})?$/;
/** What people copy beside the address. */
const CALLS = /\/(chat\/completions|completions|messages|models)$/;

/**
 * Reads the address of an endpoint, with or without `/v1`.
 *
 * @param where the option or argument that holds it, for messages
 * @throws Fault `invalid` for anything but http and https, for credentials, a query or a fragment, and for the address of a single call
 * @example endpointUrl('http://localhost:8000/v1/') // { origin: 'http://localhost:8000', root: 'http://localhost:8000' }
 * @example endpointUrl('https://api.moonshot.ai/anthropic').root // 'https://api.moonshot.ai/anthropic'
 */
export function endpointUrl(text: string, where = 'URL'): EndpointUrl {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const guess = `http://${text}`;
    const nearest = HOST.test(text) && URL.canParse(guess) ? [guess] : [];
    throw new Fault('invalid', 'not the address of an endpoint', {
      where,
      value: text.replace(/[?#].*$/s, '?...').replace(/^([a-z]+:\/\/)?.*@/is, '$1...@'),
      allowed: ALLOWED,
      nearest,
    });
  }
  if (url.username !== '' || url.password !== '')
    throw new Fault('invalid', 'an address must not hold credentials', {
      where,
      allowed: `${ALLOWED}, with the key in an environment variable or a file`,
    });
  if (url.search !== '' || url.hash !== '')
    throw new Fault('invalid', 'an address must not hold a query or fragment', {
      where,
      value: `${url.origin}${url.pathname}`,
      allowed: ALLOWED,
    });
  const path = trimmed(url.pathname);
  if (CALLS.test(path)) {
    const nearest = [`${url.origin}${trimmed(path.replace(CALLS, ''))}`];
    throw new Fault('invalid', 'this is the address of one call', { where, value: text, allowed: ALLOWED, nearest });
  }
  return { origin: url.origin, root: `${url.origin}${trimmed(path.replace(/\/v1$/, ''))}` };
}

/** A path without the slashes at its end. */
function trimmed(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}

/**
 * The address of a path under an endpoint.
 *
 * @example pathUrl(endpointUrl('http://gpu:8000/llm/v1'), 'v1/models') // 'http://gpu:8000/llm/v1/models'
 */
export function pathUrl({ root }: EndpointUrl, path: string): string {
  return `${root}/${path}`;
}
