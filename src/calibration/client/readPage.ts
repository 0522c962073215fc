import { headOf } from './body.ts';
import type { Endpoint } from './endpoint.ts';
import { endpointText } from './endpointText.ts';
import { pathUrl } from './endpointUrl.ts';
import { exchange } from './exchange.ts';
import { type Failure, statusCode } from './failure.ts';
import { lifetimeOf } from './lifetime.ts';
import { PROTOCOLS } from './protocols/protocol.ts';
import { redactor } from './secrets.ts';
import type { Ways } from './ways.ts';

/** Largest page that is read: the metrics of a large fleet stay far below. */
const LARGEST_PAGE = 16 * 2 ** 20;

/** A page of an endpoint, such as its models or metrics; the text is as the server sent it. */
export interface Page {
  readonly status: number | null;
  readonly text: string;
  readonly failure: Failure | null;
}

/**
 * Reads a page under the root of an endpoint, with its key, under the same timeouts and the same rule for redirects as a request.
 *
 * @param path such as `v1/models` or `metrics`
 */
export async function readPage(
  { url, protocol, key }: Pick<Endpoint, 'url' | 'protocol' | 'key'>,
  path: string,
  ways: Ways,
): Promise<Page> {
  const redact = redactor([key ?? '', ...(ways.keys ?? [])]);
  const life = lifetimeOf(ways, ways.clock.now());
  const request = {
    url: pathUrl(url, path),
    method: 'GET',
    headers: PROTOCOLS[protocol].headers(key),
    signal: life.signal,
    redact,
    fetch: ways.fetch ?? globalThis.fetch,
  } as const;
  const read = async (): Promise<Page> => {
    const { status, ok, body } = await exchange(request);
    life.watch.headers(ways.clock.now());
    const { text, whole } = body
      ? await headOf(body.getReader(), () => life.watch.bytes(ways.clock.now()), LARGEST_PAGE)
      : { text: '', whole: true };
    if (!ok) return { status, text, failure: { code: statusCode(status), message: endpointText(redact(`${path}: status ${status}`)) } };
    return { status, text, failure: whole ? null : { code: 'malformed', message: `${path} is larger than ${LARGEST_PAGE} bytes` } };
  };
  const page = await read().catch((error: unknown) => ({ status: null, text: '', failure: life.failureOf(error) }));
  life.end();
  ways.trace?.(endpointText(redact(`GET ${request.url}: ${page.failure?.message ?? `${page.text.length} characters`}`)));
  return page;
}
