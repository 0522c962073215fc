import type { Assumption } from '../evidence/assumption.ts';
import type { BreakEvenAnswer, Crossing } from '../plan/breakEven/breakEvenAnswer.ts';
import type { FleetLine } from '../plan/hosting/fleetLine.ts';
import { turning } from '../plan/outlook/outlookWords.ts';
import type { Sensitivity } from '../plan/outlook/sensitivityAnswer.ts';
import { crossingTable, fleetLineName, fleetTable, monthlyTable, namesOf, tariffTable } from './breakEvenTables.ts';
import { cashFlowTable, flowTotalsTable, optionTable, periodInWords } from './cashFlowTables.ts';
import { grouped } from './group.ts';
import { instanceCostTable } from './moneyTables.ts';
import { paybackTable, solvedTable } from './paybackTables.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';
import { evidenceBlocks, questionBlock } from './sections.ts';
import { probabilityTable, swingTable, turnTexts } from './sensitivityTables.ts';
import { termTable } from './termTable.ts';
import { verdictTexts } from './verdictWords.ts';

export interface BreakEvenReportOptions {
  /** Gives the id under which `kplan explain` finds a term; with it, the terms are listed. */
  readonly ids?: (termId: string) => string;
}

/** Fleets that are told in full; of more, the best ones are. */
const MOST_FLEETS = 3;
/** Ways to pay for the same few GPU types that are told in full. */
const MOST_PURCHASES = 6;

function isMeasured({ tokensPerMonthPerReplica }: FleetLine): boolean {
  return tokensPerMonthPerReplica !== null;
}

/** The fleets worth a first look: all of a few, else the best with a known capacity. */
function chosen({ offers }: BreakEvenAnswer): FleetLine[] {
  const types = new Set(offers.map(({ gpu }) => gpu)).size;
  if (offers.length <= (types <= MOST_FLEETS ? MOST_PURCHASES : MOST_FLEETS)) return [...offers];
  const measured = offers.filter(isMeasured);
  return (measured.length > 0 ? measured : offers).slice(0, MOST_FLEETS);
}

/** The first crossing of a pair and its last one; the others lie between two steps of instances. */
function ends(crossings: readonly Crossing[]): Crossing[] {
  return [...grouped(crossings, ({ tariff, offer }) => `${tariff} ${offer}`).values()].flatMap((pair) =>
    pair.filter((crossing, index) => index === 0 || crossing.final),
  );
}

/** Crossings of a pair that are told before the last one; --json has the others. */
const MOST_CROSSINGS = 4;

/** The first few crossings of each pair, and its last one. */
function firstAndLast(crossings: readonly Crossing[]): Crossing[] {
  return [...grouped(crossings, ({ tariff, offer }) => `${tariff} ${offer}`).values()].flatMap((pair) =>
    pair.filter(({ final }, index) => index < MOST_CROSSINGS || final),
  );
}

/** Assumptions without those on single fleets that are not told in full; `replica-`, `price-` and `capacity-` stand in order of the fleets. */
function assumptionsOn(fleets: readonly FleetLine[], { offers, assumptions }: BreakEvenAnswer): Assumption[] {
  const seen = new Map<string, number>();
  return assumptions.filter(({ code }) => {
    const [, topic] = /^(replica|price|capacity)-/.exec(code) ?? [];
    if (topic === undefined) return true;
    const index = seen.get(topic) ?? 0;
    seen.set(topic, index + 1);
    const fleet = offers[index];
    return fleet === undefined || fleets.includes(fleet);
  });
}

/** Warnings that differ in the GPU alone, on one line. */
function warningsTogether({ warnings, offers }: BreakEvenAnswer): string[] {
  const names = [...new Set(offers.map(({ gpuName }) => gpuName))].sort((a, b) => b.length - a.length);
  const parsed = warnings.map((warning) => {
    const name = names.find((one) => warning.includes(one));
    return { warning, name, pattern: name === undefined ? warning : warning.replace(name, '\n') };
  });
  return [...grouped(parsed, ({ pattern }) => pattern)].flatMap(([pattern, group]) =>
    group.length < 2 ? group.map(({ warning }) => warning) : [pattern.replace('\n', group.flatMap(({ name }) => name ?? []).join(', '))],
  );
}

function restBlock({ offers }: BreakEvenAnswer, fleets: readonly FleetLine[]): Block[] {
  const rest = offers.filter((fleet) => isMeasured(fleet) && !fleets.includes(fleet));
  return rest.length === 0
    ? []
    : [{ kind: 'text', text: `Only the best ${fleets.length} fleets are told in full; --json and --csv have ${rest.length} more.` }];
}

/** Says of one fleet that crossings are left out, and why those between have no band. */
function leftOut(answer: BreakEvenAnswer, fleet: FleetLine, shown: readonly Crossing[]): Block[] {
  const all = answer.verdicts.reduce((sum, { offer, crossings }) => (offer === fleet.id ? sum + crossings : sum), 0);
  const told = shown.filter(({ offer }) => offer === fleet.id).length;
  if (all <= told) return [];
  const text = `${all} changes of the cheaper side in all, a pair at each step of instances; the first and the last are told, more with --json. Between them the volumes hold for these steps alone, so they have no band.`;
  return [{ kind: 'text', text }];
}

function hostingSaves({ savedPresentUsd, savedUsdPerMonth }: Sensitivity): boolean {
  return (savedPresentUsd ?? savedUsdPerMonth).now > 0;
}

/** How sure the answer is and what would turn it, the months to come, and what else could be done, for the best fleet; the others in brief. */
function outlookBlocks(answer: BreakEvenAnswer): Block[] {
  const nameOf = namesOf(answer);
  const { sensitivity, cashFlows, offers, time } = answer;
  const pair = ({ offer, tariff }: { readonly offer: string; readonly tariff: string }) => `${nameOf(offer)} against ${nameOf(tariff)}`;
  const best = offers.find(({ id }) => id === sensitivity[0]?.offer);
  const ofBest = sensitivity.filter(({ offer }) => offer === best?.id);
  return [
    ...tableBlock(time ? `How sure over ${time.months} months` : 'How sure at this volume', probabilityTable(answer)),
    ...ofBest.flatMap((one) =>
      listBlock(`What would turn it, ${pair(one)}`, turnTexts(turning(one), hostingSaves(one) ? 'the API' : 'hosting')),
    ),
    ...(best && cashFlows.length > 0 ? tableBlock(`${periodInWords(answer)}, ${fleetLineName(best)}`, cashFlowTable(answer, best)) : []),
    ...tableBlock('Over all months', flowTotalsTable(answer)),
    ...ofBest.flatMap((one) => tableBlock(`Now, later or never, ${pair(one)}`, optionTable(one))),
    ...ofBest.flatMap((one) => tableBlock(`What moves it, ${pair(one)}`, swingTable(one))),
  ];
}

/**
 * The answer of `breakeven` arranged for reading: the verdict in words, each pair, the crossings, both sides month by month,
 * what the GPUs and the API cost, and the evidence. Of many fleets the best few are told in full.
 *
 * @param answer what `breakEven` returned
 * @param options how much to show
 * @see renderText, renderMarkdown
 */
export function breakEvenReport(answer: BreakEvenAnswer, { ids }: BreakEvenReportOptions = {}): Report {
  const fleets = chosen(answer);
  const many = fleets.length < answer.offers.length;
  const crossings = many ? ends(answer.crossings) : firstAndLast(answer.crossings);
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      questionBlock(answer),
      ...listBlock('Verdicts', verdictTexts(answer)),
      ...outlookBlocks(answer),
      ...fleets.flatMap((fleet) => [
        ...tableBlock(
          `${many ? 'First and last break-even' : 'Break-even'} volumes, ${fleetLineName(fleet)}`,
          crossingTable(
            answer,
            crossings.filter(({ offer }) => offer === fleet.id),
          ),
        ),
        ...leftOut(answer, fleet, crossings),
      ]),
      ...fleets.flatMap((fleet) => tableBlock(`Both sides by month, ${fleetLineName(fleet)}`, monthlyTable(answer, fleet))),
      ...tableBlock('Solved', solvedTable(answer)),
      ...tableBlock('Payback of machines of your own', paybackTable(answer)),
      ...tableBlock('Own GPUs', fleetTable(fleets)),
      ...tableBlock('What one instance costs a month', instanceCostTable(fleets)),
      ...restBlock(answer, fleets),
      ...tableBlock('API prices', tariffTable(answer)),
      ...(ids === undefined ? [] : tableBlock('Terms', termTable(answer.terms, ids))),
      ...evidenceBlocks({ ...answer, warnings: warningsTogether(answer), assumptions: assumptionsOn(fleets, answer) }),
    ],
  };
}
