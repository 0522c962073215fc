/** Names that would do something, were they taken for more than words. */
export const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  `datum.x + '' + $\{process.env.HOME}`,
  '=HYPERLINK("http://evil.test")',
  'line\u2028para\u2029end \u001b[31mred\u0007',
  'javascript:alert(1) http://evil.test/x.svg" onload="alert(1)',
] as const;

/** Keys whose values are codes that charts go by, not words that they print. */
const NAMES = ['gpuName', 'name', 'provider', 'label', 'model', 'workload', 'engine', 'answer', 'engineVersion', 'shape', 'servedModel'];

/** An answer whose names are all hostile. */
export function withHostileNames<T>(value: T, evil: string): T {
  if (Array.isArray(value)) return value.map((item) => withHostileNames(item, evil)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      NAMES.includes(key) && typeof inner === 'string' ? `${evil}` : withHostileNames(inner, evil),
    ]),
  ) as T;
}
