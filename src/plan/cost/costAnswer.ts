import type { AccountVerdict } from '../../cost/account.ts';
import type { CostCode, Purchase } from '../../cost/purchase.ts';
import type { LeafPrices } from '../../cost/tokenPrice.ts';
import type { Estimate } from '../../evidence/estimate.ts';
import type { SourceId } from '../../evidence/source.ts';
import type { Term } from '../../evidence/term.ts';
import type { AnswerEvidence } from '../answerEvidence.ts';
import type { TariffRole } from '../api/tariffLine.ts';
import type { Constraint } from '../constraint.ts';
import type { FleetLine } from '../hosting/fleetLine.ts';
import type { RefusalLine } from '../hosting/fleets.ts';

/** One line of the bill of a month, to the cent; the lines of a row add up to it. */
export interface CostBillLine {
  readonly code: keyof LeafPrices | CostCode | 'one-off';
  readonly tokens: number | null;
  readonly usdPerMtok: number | null;
  readonly usdPerMonth: number;
}

/** The workload in one place for a month. */
export interface CostRow {
  readonly id: string;
  readonly kind: 'vendor' | 'host' | 'router' | 'own';
  readonly role: TariffRole | Purchase;
  /** Who is paid; on own GPUs which. */
  readonly name: string;
  readonly model: string;
  /** Service tier of an API; null on own GPUs. */
  readonly tier: string | null;
  /** Under the asked lens, with its band; the middle is the sum of the bill. */
  readonly usdPerMonth: Estimate;
  readonly fullyLoadedUsd: number;
  readonly incrementalUsd: number;
  readonly bill: readonly CostBillLine[];
  /** Input of all kinds, and output with thinking: on own GPUs by the split rule. */
  readonly inputUsdPerMtok: number;
  readonly outputUsdPerMtok: number;
  readonly usdPerMtok: number;
  readonly usdPerRequest: number;
  readonly usdPerUser: number | null;
  /** Per finished task: what is paid for tasks that fail is in it. */
  readonly usdPerTask: number | null;
  /** What thinking takes of the month; null where nobody says how much there is. */
  readonly thinkingUsd: number | null;
  readonly replicas: number | null;
  readonly instances: number | null;
  /** Whether the rent is that of a cost model, because nobody lists the GPU. */
  readonly modelled: boolean;
  /** Share of what the instances could carry in all hours paid for. */
  readonly utilisation: number | null;
  readonly account: AccountVerdict | null;
  /** Ids of constraints beside money. */
  readonly constraints: readonly string[];
  readonly date: string | null;
  readonly source: SourceId;
}

/** A change of the same command with which a fleet costs less. */
export interface CostRemedy {
  /** Id of its row. */
  readonly row: string;
  readonly code: 'kv-cache-dtype' | 'dcp' | 'attention-dp';
  readonly message: string;
  readonly change: Readonly<Record<string, string | number>>;
  readonly usdPerMonth: Estimate;
  readonly instances: number;
}

export interface CostAnswer extends AnswerEvidence {
  readonly schema: 'kplan/cost@1';
  readonly query: Readonly<Record<string, string | number | readonly string[]>>;
  readonly answer: string;
  /** Ascending in cost. */
  readonly rows: readonly CostRow[];
  readonly fleets: readonly FleetLine[];
  readonly remedies: readonly CostRemedy[];
  readonly refusals: readonly RefusalLine[];
  readonly month: {
    readonly requests: number;
    readonly tokens: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly users: number | null;
    /** What counts as a task, and how many of them are finished. */
    readonly task: string | null;
    readonly finishedTasks: number | null;
    /** How many input tokens an output token counts where one bill is split between them. */
    readonly outputWeight: number;
  };
  readonly constraints: readonly Constraint[];
  readonly terms: readonly Term[];
}
