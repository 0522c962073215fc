import type { Assumption } from '../evidence/assumption.ts';
import type { WorkloadDocument } from '../importers/usage/index.ts';
import type { Catalog } from '../plan/catalog.ts';
import { formatUsd } from '../units/money.ts';
import { HOURS_PER_MONTH, SECONDS_PER_HOUR } from '../units/time.ts';
import { formatTokens } from '../units/tokens.ts';

/** The words that a workload file may fill. */
interface WorkloadWords {
  readonly workload?: string;
  readonly tokensPerMonth?: string;
  readonly requestsPerMonth?: string;
  readonly users?: string;
  readonly hoursPerMonth?: string;
}

/** The words and the catalog with the workload of a file in them, and what the file says beside it. */
export interface OwnWorkload<W> {
  readonly options: W;
  readonly catalog: Catalog;
  readonly assumptions: readonly Assumption[];
}

const SOURCE = 'workload-file';
const SECONDS_PER_DAY = 86_400;

function tokensIn({ uncached, cacheRead, cacheWrite, cacheWrite1h, output }: WorkloadDocument['totals']): number {
  return uncached + cacheRead + cacheWrite + cacheWrite1h + output;
}

function periodText({ from, to, seconds }: WorkloadDocument['period']): string {
  if (from !== null && to !== null) return ` (${from.slice(0, 10)} to ${to.slice(0, 10)})`;
  return seconds === null ? '' : ` (${(seconds / SECONDS_PER_DAY).toPrecision(3)} days)`;
}

function paidAssumption({ paid, period }: WorkloadDocument): Assumption[] {
  if (!paid) return [];
  const tokens = formatTokens(tokensIn({ requests: null, ...paid.tokens }));
  return [{ code: 'paid', text: `Paid in the file: ${formatUsd(paid.usd)} for ${tokens} tokens${periodText(period)}.`, source: SOURCE }];
}

/** Tokens of a month at the rate of the file; null where it is of less than a day. */
function monthlyTokens({ totals, period }: WorkloadDocument, hoursPerMonth: string | undefined): number | null {
  const { seconds } = period;
  if (seconds === null || seconds < SECONDS_PER_DAY) return null;
  const hours = Number(hoursPerMonth ?? HOURS_PER_MONTH);
  return Number.isFinite(hours) ? Math.round((tokensIn(totals) / seconds) * SECONDS_PER_HOUR * hours) : null;
}

/**
 * Puts the workload of a file into the catalog where `--workload` names one that ends in `.json`; names of presets stay as they are.
 *
 * @param words of a command
 * @param takesVolume whether the volume of a month is the file's where none is asked and the file is of a day or more
 * @throws Fault where the file is missing or is no workload
 */
export async function ownWorkloadFrom<W extends WorkloadWords>(words: W, catalog: Catalog, takesVolume: boolean): Promise<OwnWorkload<W>> {
  const { workload: path } = words;
  if (path === undefined || !/\.json$/i.test(path)) return { options: words, catalog, assumptions: [] };
  const { readWorkloadDocument } = await import('../importers/usage/workloadFile.ts');
  return withWorkload(words, catalog, { document: readWorkloadDocument(path), path }, takesVolume);
}

/**
 * Puts a workload of the user's into the catalog and asks for it.
 *
 * @param own the document, and the file that it is of
 * @param takesVolume whether the volume of a month is the file's where none is asked and the file is of a day or more
 */
export async function withWorkload<W extends WorkloadWords>(
  words: W,
  catalog: Catalog,
  { document, path }: { readonly document: WorkloadDocument; readonly path: string },
  takesVolume: boolean,
): Promise<OwnWorkload<W>> {
  const { tokensPerMonth, requestsPerMonth, users } = words;
  const { workloadIn } = await import('../importers/usage/workloadFile.ts');
  const workload = workloadIn(document, path, SOURCE);
  const asked = tokensPerMonth ?? requestsPerMonth ?? users;
  const volume = takesVolume && asked === undefined ? monthlyTokens(document, words.hoursPerMonth) : null;
  const date = document.period.to?.slice(0, 10) ?? catalog.date;
  return {
    options: { ...words, workload: workload.id, ...(volume === null ? {} : { tokensPerMonth: String(volume) }) },
    catalog: {
      ...catalog,
      workloads: [workload, ...catalog.workloads.filter(({ id }) => id !== workload.id)],
      sources: { ...catalog.sources, [SOURCE]: { ref: workload.id, date, kind: 'measured', note: 'imported by the user' } },
    },
    assumptions: [
      ...(takesVolume ? paidAssumption(document) : []),
      ...(volume === null
        ? []
        : [
            {
              code: 'own-volume',
              text: `The volume is that of the file: ${formatTokens(volume)} tokens a month at its mean rate${periodText(document.period)}.`,
              source: SOURCE,
            },
          ]),
    ],
  };
}
