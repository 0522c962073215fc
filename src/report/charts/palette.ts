/** A colour on white paper and the one that says the same on dark paper. */
interface Pair {
  readonly light: string;
  readonly dark: string;
}

/**
 * All colours of charts, after Okabe and Ito: told apart by the colour-blind, and dark (or light) enough for words. Each colour on white
 * paper is unlike all others, so that a drawn chart can be turned dark by its colours alone.
 */
export const PAIRS = {
  paper: { light: '#ffffff', dark: '#0d1117' },
  words: { light: '#1f2328', dark: '#e6edf3' },
  quiet: { light: '#57606a', dark: '#9da7b3' },
  line: { light: '#8c959f', dark: '#6e7681' },
  grid: { light: '#eaeef2', dark: '#262c35' },
  blue: { light: '#0072b2', dark: '#56b4e9' },
  green: { light: '#007a5a', dark: '#3fc79a' },
  purple: { light: '#9a4f86', dark: '#e39ecb' },
  orange: { light: '#b35900', dark: '#f0a24a' },
  olive: { light: '#7a5c00', dark: '#e0c558' },
  grey: { light: '#4d4d4d', dark: '#b9bec4' },
  paleBlue: { light: '#cfe4f3', dark: '#17405c' },
  paleOrange: { light: '#f8e0c6', dark: '#5c3c14' },
  paleGrey: { light: '#e3e6e9', dark: '#343a42' },
} as const satisfies Readonly<Record<string, Pair>>;

const { paper, words, quiet, line, grid, blue, green, purple, orange, olive, grey, paleBlue, paleOrange, paleGrey } = PAIRS;

/** The colours of charts by what they stand for, on white paper. */
export const PALETTE = {
  paper: paper.light,
  words: words.light,
  quiet: quiet.light,
  axis: line.light,
  grid: grid.light,
  /** Fleets, replicas, curves: in the order in which they are told. */
  series: [blue.light, green.light, purple.light, orange.light],
  own: blue.light,
  api: orange.light,
  tariff: { list: orange.light, 'cheapest-host': grey.light, asked: olive.light, other: olive.light },
  /** What is promised or asked for, and curves that belong to nobody. */
  neutral: grey.light,
  percentile: { p99: purple.light, p95: orange.light, p50: blue.light },
  verdict: { fits: paleBlue.light, marginal: paleOrange.light, 'does-not-fit': paleGrey.light, invalid: paleGrey.light },
  memory: { weights: blue.light, overhead: orange.light, kv: green.light, unused: paleGrey.light },
} as const;

/**
 * The style rules that show a drawn chart on dark paper: each colour of the palette, as fill and as stroke, becomes its pair.
 *
 * @param selector of the element around the SVG, without braces
 * @returns CSS, one rule a line
 * @example darkRules('.dark').split('\n')[0] // '.dark [fill="#ffffff"]{fill:#0d1117}'
 */
export function darkRules(selector: string): string {
  return Object.values(PAIRS)
    .flatMap(({ light, dark }) => ['fill', 'stroke'].map((paint) => `${selector} [${paint}="${light}"]{${paint}:${dark}}`))
    .join('\n');
}

/** The text of a drawn chart with its colours for dark paper. */
export function darkened(svg: string): string {
  const pairs = new Map<string, string>(Object.values(PAIRS).map(({ light, dark }) => [light, dark]));
  return svg.replace(/(?<= (?:fill|stroke)=")#[0-9a-f]{6}(?=")/g, (light) => pairs.get(light) ?? light);
}
