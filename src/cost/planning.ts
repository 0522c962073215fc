import type { BandFact, Fact } from '../evidence/source.ts';
import type { Staffing } from './ownership.ts';

/** How many thinking tokens a model needs for what another needed one. */
export interface ThinkingChange {
  readonly from: string;
  readonly to: string;
  readonly ratio: BandFact;
}

/** What plans take for granted where nothing is asked; every answer that uses one says so. */
export interface Planning {
  readonly staffing: Staffing;
  /** Months over which ramp-up and one-off costs are spread. */
  readonly spreadMonths: Fact;
  readonly workDaysPerMonth: Fact;
  readonly workHoursPerDay: Fact;
  /** Hours of a working day in which a developer's tools call the model. */
  readonly activeHoursPerDay: Fact;
  /** Bytes per second at which a node reads a checkpoint when it starts. */
  readonly loadBytesPerSecond: BandFact;
  /** Longest mean time between two tokens of an answer that people wait for, milliseconds. */
  readonly interactiveTpotMs: Fact;
  readonly thinkingChanges: readonly ThinkingChange[];
}
