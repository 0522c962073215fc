import type { Layout } from '../layout/layout.ts';
import type { Traffic } from '../model/traffic.ts';
import { type Curve, minorVersion } from './curve.ts';
import type { System } from './effects.ts';
import type { Misses } from './fitting/leftOutMiss.ts';
import type { Machine } from './machine.ts';

/** One replica as the speed of it is asked. */
export interface Replica {
  /** With the engine whose measurements speak for the asked one. */
  readonly system: System;
  /** The engine that was asked for, and its version. */
  readonly asked: string;
  readonly engineVersion: string;
  readonly layout: Layout;
  readonly kvCacheDtype: string;
  readonly traffic: Traffic;
  readonly machine: Machine;
  /** Tokens that one step may carry: prompts are cut into chunks of it. */
  readonly batchTokens: number;
  readonly asOf: string;
  /** How far coefficients fitted to measurements of the user's own miss such measurements; null where none were fitted. */
  readonly calibration: Misses | null;
}

/**
 * The system whose measurements speak for an asked one: its engine or the ATOM plug-in of it, whichever the user measured or else was
 * measured last on this GPU, format and model family; itself where neither was.
 *
 * @param curves newest first
 */
export function speakingSystem(curves: readonly Curve[], system: System): System {
  const { gpu, engine, format, family } = system;
  const spoken = [engine, `atom-${engine}`];
  const speaking = curves.filter(
    (curve) => curve.gpu === gpu && curve.format === format && curve.family === family && spoken.includes(curve.engine),
  );
  const found = speaking.find(({ source }) => source === 'user') ?? speaking[0];
  if (found === undefined || found.engine === engine) return system;
  return { ...system, engine: found.engine, version: minorVersion(found.engineVersion) };
}
