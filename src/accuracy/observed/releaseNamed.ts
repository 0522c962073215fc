/**
 * The release that words such as `v0.18.0+rhaiv.7`, `0.5.8.post1 rocm720` or `nightly 2025-11 (pre-0.11.1)` name. A build on the way to
 * a release counts as that release. Images of forks carry no release.
 *
 * @returns null where the words name none
 * @example releaseNamed('v0.19.1.dev6+g6d4a8e6d2') // '0.19.1'
 */
export function releaseNamed(text: string): string | null {
  if (/\bfork\b/i.test(text)) return null;
  return /(?:^|[^\d.])v?(\d+\.\d+(?:\.\d+)?)(?![\d])/.exec(text)?.[1] ?? null;
}
