import type { Doubt } from './band.ts';
import { type Curve, concurrencyRange, isStale, layoutIdentity, minorVersion, STALE_DAYS } from './curve.ts';
import type { System } from './effects.ts';
import { freshTokens, type LoadPoint } from './loadPoint.ts';
import type { Replica } from './replica.ts';

/** 90th percentile of the difference between repeat runs under another version of the engine (published noise floor). */
const OTHER_VERSION = 1.26;
const SHAPE_TOLERANCE = 0.1;
const REUSE_TOLERANCE = 0.02;

function near(a: number, b: number): boolean {
  return Math.abs(a / b - 1) <= SHAPE_TOLERANCE;
}

function sameShape({ shape }: Curve, load: LoadPoint): boolean {
  return (
    Math.abs(shape.reuse - load.reuse) <= REUSE_TOLERANCE &&
    near(load.outputTokens, shape.outputTokens) &&
    near(freshTokens(load), freshTokens(shape))
  );
}

/** A KV cache that its source does not name is taken for 16 bits, but for FP4 checkpoints, which engines serve with FP8 caches too. */
function sameKvCache({ kvCacheDtype, format }: Curve, asked: string): boolean {
  return kvCacheDtype === asked || (kvCacheDtype === '' && asked === 'bf16') || /fp4/.test(format);
}

/** Whether a curve was measured on the GPU, engine, format and model family of a system. */
export function isOfSystem(curve: Curve, { gpu, engine, format, family }: System): boolean {
  return curve.gpu === gpu && curve.engine === engine && curve.format === format && curve.family === family;
}

/** Whether a curve was measured on this system and layout, with prefill and decode together and at this shape. */
function covers(curve: Curve, replica: Replica, load: LoadPoint): boolean {
  return (
    isOfSystem(curve, replica.system) &&
    layoutIdentity(curve.layout) === layoutIdentity(replica.layout) &&
    sameKvCache(curve, replica.kvCacheDtype) &&
    sameShape(curve, load)
  );
}

/** How well a curve's engine is the asked one: the same build, the same minor release, or neither. */
function versionRank({ engineVersion }: Curve, asked: string): number {
  if (engineVersion === asked) return 0;
  return minorVersion(engineVersion) === minorVersion(asked) ? 1 : 2;
}

/** Concurrencies that a curve spans, in factors of e. */
function span(curve: Curve): number {
  const [low, high] = concurrencyRange(curve);
  return Math.log(high / low);
}

/**
 * The one curve that speaks for a load on the layout of a replica, for two builds or laboratories make no curve together: the user's own
 * before shipped ones, then that of the asked engine version, the nearest in shape, the longest, the newest.
 */
export function curveAt(curves: readonly Curve[], replica: Replica, load: LoadPoint): Curve | null {
  const rank = (curve: Curve) => [
    curve.source === 'user' ? 0 : 1,
    curve.speculation === 'none' ? 0 : 1,
    versionRank(curve, replica.engineVersion),
    Math.abs(Math.log(freshTokens(load) / freshTokens(curve.shape))),
    -span(curve),
  ];
  const [best] = curves
    .filter((curve) => covers(curve, replica, load))
    .map((curve) => ({ curve, rank: rank(curve) }))
    .sort((a, b) => a.rank.map((value, at) => value - (b.rank[at] ?? 0)).find((difference) => difference !== 0) ?? 0);
  return best?.curve ?? null;
}

/** What makes a curve a weaker witness for the asked engine and day. */
export function curveDoubts(curve: Curve, { engineVersion, asked, asOf }: Replica): Doubt[] {
  const doubts: Doubt[] = [];
  const ran = `${curve.engine} ${curve.engineVersion}`;
  const otherVersion = curve.engine !== asked || minorVersion(curve.engineVersion) !== minorVersion(engineVersion);
  const old = isStale(curve.date, asOf);
  if (otherVersion || old) {
    const age = old ? `, over ${STALE_DAYS} days before ${asOf}` : '';
    doubts.push({ words: `measured with ${ran} on ${curve.date}${age}`, factor: OTHER_VERSION });
  }
  if (curve.speculation === 'unknown') doubts.push({ words: 'whether it speculated is not stated', factor: 1 });
  return doubts;
}
