/** What coefficients depend on: silicon, software, storage and model. */
export interface System {
  readonly vendor: string;
  readonly gpu: string;
  readonly engine: string;
  /** Minor release of the engine, such as `0.25`. */
  readonly version: string;
  readonly format: string;
  readonly family: string;
}

/** One kind of influence on the coefficients, and how far it is likely to move their logarithms. */
interface Effect {
  readonly name: string;
  readonly level: (system: System) => string;
  readonly deviation: number;
}

/** How far the coefficients of all systems together are likely to lie from the first guess, in their logarithm. */
const COMMON_DEVIATION = 0.3;

const EFFECTS: readonly Effect[] = [
  { name: 'vendor', level: ({ vendor }) => vendor, deviation: 0.12 },
  { name: 'gpu', level: ({ gpu }) => gpu, deviation: 0.1 },
  { name: 'engine', level: ({ engine }) => engine, deviation: 0.15 },
  { name: 'version', level: ({ vendor, engine, version }) => `${vendor} ${engine} ${version}`, deviation: 0.2 },
  { name: 'format', level: ({ format }) => format, deviation: 0.15 },
  { name: 'family', level: ({ family }) => family, deviation: 0.1 },
  { name: 'stack', level: ({ gpu, engine, format }) => `${gpu} ${engine} ${format}`, deviation: 0.2 },
  { name: 'system', level: ({ gpu, engine, format, family }) => `${gpu} ${engine} ${format} ${family}`, deviation: 0.2 },
];

/** The level that all systems share. */
export const COMMON_LEVEL = 'all';

/** The levels whose effects add up to the coefficients of a system, the common one first. */
export function levelsOf(system: System): string[] {
  return [COMMON_LEVEL, ...EFFECTS.map(({ name, level }) => `${name}:${level(system)}`)];
}

/** How far the effect of a level is likely to be from zero, in the logarithm of a coefficient. */
export function deviationOf(level: string): number {
  const name = level.slice(0, level.indexOf(':'));
  return EFFECTS.find((effect) => effect.name === name)?.deviation ?? COMMON_DEVIATION;
}
