import type { Doubt } from './band.ts';
import { type Curve, concurrencyRange, isStale, layoutIdentity, minorVersion, STALE_DAYS } from './curve.ts';
import { freshTokens, type LoadPoint } from './loadPoint.ts';
import type { Replica } from './replica.ts';

/** 90th percentile of the difference between repeat runs under another version of the engine (published noise floor). */
const OTHER_VERSION: number = 1.26;
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

/** Whether a curve was measured on this system and layout, with prefill and decode together and at this shape. */
function covers(curve: Curve, replica: Replica, load: LoadPoint): boolean {
  const { gpu, engine, format, family } = replica.system;
  return (
    curve.gpu === gpu &&
    curve.engine === engine &&
    curve.format === format &&
    curve.family === family &&
    layoutIdentity(curve.layout) === layoutIdentity(replica.layout) &&
    sameKvCache(curve, replica.kvCacheDtype) &&
    sameShape(curve, load)
  );
}

/**
 * The curves that were measured at a load on the layout of a replica: the user's own alone where there are any, for two laboratories make
 * no curve together; else those of the asked engine version first, then the nearest in shape, then the newest.
 */
export function curvesAt(curves: readonly Curve[], replica: Replica, load: LoadPoint): Curve[] {
  const rank = (curve: Curve) => [
    curve.speculation === 'none' ? 0 : 1,
    minorVersion(curve.engineVersion) === minorVersion(replica.engineVersion) ? 0 : 1,
    Math.abs(Math.log(freshTokens(load) / freshTokens(curve.shape))),
  ];
  const covering = curves.filter((curve) => covers(curve, replica, load));
  const own = covering.filter(({ source }) => source === 'user');
  return (own.length > 0 ? own : covering)
    .map((curve) => ({ curve, rank: rank(curve) }))
    .sort((a, b) => a.rank.map((value, at) => value - (b.rank[at] ?? 0)).find((difference) => difference !== 0) ?? 0)
    .map(({ curve }) => curve);
}

/** The first curve whose measured range holds a concurrency; else the one whose range comes nearest. */
export function curveFor(curves: readonly Curve[], concurrency: number): Curve | undefined {
  const gap = (curve: Curve) => {
    const [low, high] = concurrencyRange(curve);
    return Math.max(0, Math.log(low / concurrency), Math.log(concurrency / high));
  };
  return curves.reduce<Curve | undefined>((best, curve) => (best === undefined || gap(curve) < gap(best) ? curve : best), undefined);
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
