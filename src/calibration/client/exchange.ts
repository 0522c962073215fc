import { endpointText } from './endpointText.ts';
import { connectFailure, Failed } from './failure.ts';
import type { Redact } from './secrets.ts';

/** Redirects that are followed, within one origin. */
const MOST_REDIRECTS = 3;
/** 303 would turn a request into a question. */
const FOLLOWED: ReadonlySet<number> = new Set([301, 302, 307, 308]);

export interface Exchange {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly redact: Redact;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Sends a request and waits for the headers. It follows redirects within the origin and none that leaves it, whatever the request carries.
 *
 * @throws Failed `redirected`, or why there was no connection
 */
export async function exchange({ url, method, headers, body, signal, redact, fetch }: Exchange): Promise<Response> {
  let at = new URL(url);
  for (let followed = 0; ; followed++) {
    const sent = { method, headers, redirect: 'manual', signal, ...(body === undefined ? {} : { body }) } as const;
    const response = await fetch(at, sent).catch((error: unknown) => {
      const { code, message } = connectFailure(error, at.host);
      throw new Failed(code, message);
    });
    if (response.status < 300 || response.status >= 400) return response;
    void response.body?.cancel().catch(() => undefined);
    const to = targetOf(response.headers.get('location'), at);
    if (to?.origin !== at.origin) {
      const shown = to === null ? 'nowhere' : endpointText(redact(`${to.origin}${to.pathname}`));
      throw new Failed('redirected', `${at.host} redirects to ${shown}, and a request with a key follows to no other origin`);
    }
    if (!FOLLOWED.has(response.status) || followed === MOST_REDIRECTS)
      throw new Failed('redirected', `${at.host} redirects with ${response.status} after ${followed} redirects`);
    at = to;
  }
}

function targetOf(location: string | null, from: URL): URL | null {
  return location !== null && URL.canParse(location, from.href) ? new URL(location, from) : null;
}
