/** A limit as the headers of an answer state it: what is counted, how much of it, and what is left. */
export interface RateLimit {
  /** As the endpoint calls it, such as `requests`, `tokens` or `input-tokens`; `requests` where it has no name. */
  readonly what: string;
  readonly limit: number;
  /** Null where it does not say. */
  readonly remaining: number | null;
}

/** More limits than an endpoint has; the rest is not read. */
const MOST = 8;
/** `x-ratelimit-limit-requests`, `x-ratelimit-limit`, `anthropic-ratelimit-input-tokens-limit`. */
const LIMIT = /^(?:x-ratelimit-limit(?:-([a-z-]{1,30}))?|anthropic-ratelimit-([a-z-]{1,30})-limit)$/;

function countOf(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : null;
}

/**
 * The rate limits in the headers of an answer, in the forms of OpenAI, Moonshot and Anthropic.
 *
 * @returns empty where it states none
 * @example rateLimitsIn(new Headers({ 'x-ratelimit-limit-requests': '500', 'x-ratelimit-remaining-requests': '499' })) // [{ what: 'requests', limit: 500, remaining: 499 }]
 * @example rateLimitsIn(new Headers({ 'anthropic-ratelimit-input-tokens-limit': '2000000' })) // [{ what: 'input-tokens', limit: 2000000, remaining: null }]
 */
export function rateLimitsIn(headers: Headers): RateLimit[] {
  const limits: RateLimit[] = [];
  for (const [name, value] of headers) {
    const [found, plain, ofAnthropic] = LIMIT.exec(name) ?? [];
    const limit = countOf(value);
    if (found === undefined || limit === null || limits.length === MOST) continue;
    const remaining = countOf(
      headers.get(ofAnthropic === undefined ? name.replace('-limit', '-remaining') : name.replace(/limit$/, 'remaining')),
    );
    limits.push({ what: plain ?? ofAnthropic ?? 'requests', limit, remaining });
  }
  return limits;
}
