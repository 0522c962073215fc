const LOOPBACK = /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Whether an address is that of the machine which asks.
 *
 * @example isLoopback('http://127.0.0.1:8000') // true
 * @example isLoopback('http://localhost.example.com') // false
 */
export function isLoopback(url: string): boolean {
  return LOOPBACK.test(new URL(url).hostname);
}
