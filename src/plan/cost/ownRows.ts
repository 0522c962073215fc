import { type CostCode, counts, type Lens } from '../../cost/purchase.ts';
import { splitPrice } from '../../cost/tokenSplit.ts';
import { through } from '../../evidence/estimate.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { centsOf, toCents } from '../../units/money.ts';
import type { Catalog } from '../catalog.ts';
import { constraintsOn } from '../constraint.ts';
import { fleetVolume } from '../hosting/fleetVolume.ts';
import { replicaInWords } from '../hosting/hostingWords.ts';
import type { SizedSelfHost } from '../hosting/selfHost.ts';
import type { CostBillLine, CostRow } from './costAnswer.ts';
import type { CostQuestion } from './costQuestion.ts';
import { perTask, perUser } from './units.ts';

interface Line {
  readonly code: CostCode | 'one-off';
  readonly usd: number;
}

/** What a fleet of some instances costs in a month under a lens, line by line. */
function linesOf({ supply }: SizedSelfHost, instances: number, { hosting }: CostQuestion, lens: Lens): Line[] {
  const { oneOffUsd, spreadMonths } = hosting.ownership;
  const counted = supply.lines.filter(({ code, usdPerMonth }) => counts(code, lens) && usdPerMonth > 0);
  const lines: Line[] = counted.map(({ code, usdPerMonth }) => ({ code, usd: usdPerMonth * instances }));
  return oneOffUsd > 0 ? [...lines, { code: 'one-off', usd: oneOffUsd / spreadMonths }] : lines;
}

function total(lines: readonly Line[]): number {
  return lines.reduce((sum, { usd }) => sum + usd, 0);
}

function billOf(lines: readonly Line[]): CostBillLine[] {
  const cents = centsOf(lines.map(({ usd }) => usd));
  return lines.map(({ code }, place) => ({ code, tokens: null, usdPerMtok: null, usdPerMonth: cents[place] ?? 0 }));
}

/** The month on one fleet of one's own. */
export function ownRow(side: SizedSelfHost, question: CostQuestion, catalog: Catalog): CostRow {
  const { hosting, requests, outputWeight } = question;
  const { demand, lens } = hosting;
  const { replicas, instances, utilisation, usd } = fleetVolume(side, requests, hosting);
  const at = (of: Lens) => linesOf(side, instances, question, of);
  const asked = at(lens);
  const sum = total(asked);
  const split = splitPrice(sum, demand.inputTokens * requests, demand.outputTokens * requests, outputWeight);
  const { thinkingShare } = demand;
  const { model } = hosting.fit.base;
  return {
    id: side.id,
    kind: 'own',
    role: side.supply.purchase,
    name: replicaInWords(side),
    model: model.id,
    tier: null,
    usdPerMonth: through(usd, toCents),
    fullyLoadedUsd: toCents(total(at('fully-loaded'))),
    incrementalUsd: toCents(total(at('incremental'))),
    bill: billOf(asked),
    ...split,
    usdPerMtok: (sum / requests / tokensPerRequest(demand)) * 1e6,
    usdPerRequest: sum / requests,
    usdPerUser: perUser(sum, question),
    usdPerTask: perTask(sum / requests, question),
    thinkingUsd: thinkingShare === null ? null : (demand.outputTokens * thinkingShare * requests * split.outputUsdPerMtok) / 1e6,
    replicas,
    instances,
    modelled: side.supply.modelled,
    utilisation,
    account: null,
    constraints: constraintsOn(catalog.constraints, model.id, null).map(({ id }) => id),
    date: side.supply.dates.reduce<string | null>((oldest, date) => (oldest === null || date < oldest ? date : oldest), null),
    source: side.supply.source,
  };
}
