/**
 * A name as ids hold it: lower-case letters, digits, dots and dashes.
 *
 * @example slugOf('@cf/moonshotai/Kimi-K2.6') // 'cf-moonshotai-kimi-k2.6'
 */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
}
