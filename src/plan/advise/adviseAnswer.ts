import type { Estimate } from '../../evidence/estimate.ts';
import type { AnswerEvidence } from '../answerEvidence.ts';
import type { TariffLine } from '../api/tariffLine.ts';
import type { FleetLine } from '../hosting/fleetLine.ts';
import type { SensitivityRow } from '../outlook/sensitivityAnswer.ts';

/** Host all, buy all from an API, or a floor of own replicas with the rest bought. */
export type Way = 'host' | 'api' | 'both';

/** One way to serve the volume. */
export interface AdvisedWay {
  readonly way: Way;
  /** The fleet; null where nothing is hosted. */
  readonly offer: string | null;
  /** The API price; null where nothing is bought. */
  readonly tariff: string | null;
  readonly usdPerMonth: Estimate;
  readonly replicas: number;
  readonly instances: number;
  /** Share of the requests that own replicas serve. */
  readonly ownShare: number;
  /** How likely it costs no more than the budget; null where none is given. */
  readonly inBudget: number | null;
}

/** A command that shows how a part of the advice came about. */
export interface AdvisedCommand {
  readonly part: 'both' | 'volumes' | 'replicas' | 'cost';
  readonly command: string;
}

export interface AdviseAnswer extends AnswerEvidence {
  readonly schema: 'kplan/advise@1';
  readonly query: Readonly<Record<string, string | number | readonly string[]>>;
  readonly answer: string;
  readonly choice: Way;
  /** How likely the chosen way is the cheapest of the three, on the best fleet and at the cheapest API price; null where none can be hosted. */
  readonly probability: number | null;
  readonly budgetUsdPerMonth: number | null;
  /** Ascending in cost. */
  readonly ways: readonly AdvisedWay[];
  /** What would turn hosting some of it against buying all, the likeliest first. */
  readonly turns: readonly SensitivityRow[];
  /** What was changed of the question because it helps hosting, such as a layout; null where nothing was. */
  readonly changed: { readonly message: string; readonly change: Readonly<Record<string, string | number>> } | null;
  readonly commands: readonly AdvisedCommand[];
  readonly fleets: readonly FleetLine[];
  readonly tariffs: readonly TariffLine[];
}
