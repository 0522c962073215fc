import type { Tariff } from '../../cost/tariff.ts';
import { attempted } from '../../faults/attempted.ts';
import { Fault } from '../../faults/fault.ts';
import { layoutName } from '../../layout/layout.ts';
import type { TariffLine } from '../api/tariffLine.ts';
import { type BreakEvenQuery, breakEven } from '../breakEven/breakEven.ts';
import type { BreakEvenAnswer } from '../breakEven/breakEvenAnswer.ts';
import type { Catalog } from '../catalog.ts';
import { LEAST_CONTEXT } from '../demand.ts';
import { type Figure, figure, renamedSubject } from '../figures/figure.ts';
import { breakEvenFigures } from '../figures/moneyFigures.ts';
import { carryingFigures, fitFigures, fitSubject } from '../figures/planFigures.ts';
import { fit } from '../fit/fit.ts';
import type { FitAnswer, FitResult } from '../fit/fitAnswer.ts';
import type { FleetLine } from '../hosting/fleetLine.ts';
import { ofToday } from '../outlook/timeQuestion.ts';
import type { Uncertainty } from '../outlook/uncertainty.ts';
import { size } from '../size/size.ts';
import type { SizeAnswer } from '../size/sizeAnswer.ts';
import type { SizeQuery } from '../size/sizeQuestion.ts';
import type { DossierQuery } from './dossierQuery.ts';

/** Layouts as a question asks for them. */
type LayoutWords = Pick<BreakEvenQuery, 'tp' | 'pp' | 'ep' | 'dcp' | 'attentionDp'>;

/** What a reader changes of a question; what is absent stays as it was asked. */
export interface WhatIfState {
  /** API prices over those of the report. */
  readonly price?: number;
  /** USD per GPU-hour. */
  readonly rent?: number;
  /** Share of the capacity that is planned to be used. */
  readonly load?: number;
  /** Share of the input found in the KV cache. */
  readonly reuse?: number;
  readonly users?: number;
  readonly tokens?: number;
  /** Tokens of the context that must fit. */
  readonly context?: number;
  /** By its name, such as `TP8, DCP8`. */
  readonly layout?: string;
}

/** A layout that can be chosen. */
export interface LayoutChoice {
  readonly name: string;
  readonly words: LayoutWords;
}

/** The answers at a changed question, and the figures by which they are compared, under names that stay. */
export interface WhatIf {
  readonly breakEven: BreakEvenAnswer;
  readonly size: SizeAnswer | null;
  readonly fit: FitAnswer | null;
  readonly figures: readonly Figure[];
}

/** A question about some of its GPUs alone, each with its number. */
export function focused({ money, size: service, ...query }: DossierQuery, gpu: readonly string[]): DossierQuery {
  const { gpus: _, ...own } = money;
  const { gpus: __, ...load } = service ?? { gpu };
  return { ...query, money: { ...own, gpu }, size: service && { ...load, gpu } };
}

/** Layouts of the first GPU type of a question on which its context fits, the most sequences first. */
export function layoutChoices({ money: query }: DossierQuery, catalog: Catalog): LayoutChoice[] {
  const { gpus, tp: _, pp: __, ep: ___, dcp: ____, attentionDp: _____, gpu, ...rest } = query;
  const counted = gpus === undefined ? {} : { gpus };
  const { results } = fit({ ...rest, ...counted, gpu: gpu.slice(0, 1), contextTokens: query.contextTokens ?? LEAST_CONTEXT }, catalog);
  const fitting = results.filter(({ verdict }) => verdict === 'fits' || verdict === 'marginal');
  const sorted = fitting.toSorted((a, b) => (b.sequences?.value ?? 0) - (a.sequences?.value ?? 0));
  const named = new Map(sorted.map(({ layout }) => [layoutName(layout), layout]));
  return [...named].map(([name, { tp, pp, ep, dcp, attentionDp }]) => ({ name, words: { tp, pp, ep, dcp, attentionDp } }));
}

function scaled(tariff: Tariff, factor: number): Tariff {
  const times = <T>(of: T): T =>
    Object.fromEntries(
      Object.entries(of as object).map(([key, value]) => [
        key,
        key.endsWith('UsdPerMtok') && typeof value === 'number' ? value * factor : value,
      ]),
    ) as T;
  return { ...times(tariff), conditions: tariff.conditions.map(times) };
}

/** What a reader changed, as fields of a query. */
function changes({ rent, load, reuse, context, layout }: WhatIfState, choices: readonly LayoutChoice[]) {
  const words = choices.find(({ name }) => name === layout)?.words;
  return {
    ...(words ?? {}),
    ...(rent === undefined ? {} : { usdPerGpuHour: rent }),
    ...(load === undefined ? {} : { maxLoad: load }),
    ...(reuse === undefined ? {} : { reuse }),
    ...(context === undefined ? {} : { contextTokens: context }),
  };
}

/** A query with the changes in it, which are no longer uncertain. */
function withChanges<Q extends { readonly uncertainty?: Uncertainty }>(query: Q, fields: Partial<Q>): Q {
  const { uncertainty } = query;
  if (uncertainty === undefined) return { ...query, ...fields };
  const inputs = Object.fromEntries(Object.entries(uncertainty.inputs).filter(([name]) => !(name in fields)));
  return { ...query, ...fields, uncertainty: { ...uncertainty, inputs } };
}

/**
 * A question with what a reader changed of it, to be answered in full, sampled parts too.
 *
 * @param choices layouts that can be chosen, as `layoutChoices` lists them
 */
export function changedQuery(query: DossierQuery, state: WhatIfState, choices: readonly LayoutChoice[]): DossierQuery {
  const { money, size: service, hybrid, ...same } = query;
  const { users, tokens } = state;
  const fields = changes(state, choices);
  const ofUsers = users === undefined ? {} : { users };
  return {
    ...same,
    money: withChanges(money, { ...fields, ...ofUsers, ...(tokens === undefined ? {} : { tokensPerMonth: tokens }) }),
    size: service && withChanges(service, { ...fields, ...(service.users === undefined ? {} : ofUsers) }),
    hybrid: hybrid && withChanges(hybrid, fields),
  };
}

/** The facts with the API prices that a reader chose. */
export function changedFacts(facts: Catalog, { price = 1 }: WhatIfState): Catalog {
  return price === 1 ? facts : { ...facts, tariffs: facts.tariffs.map((tariff) => scaled(tariff, price)) };
}

function orNull<A>(answer: () => A): A | null {
  const found = attempted(answer);
  return found instanceof Fault ? null : found;
}

/** What a fleet is called whatever is paid for it. */
export function fleetKey({ gpu, purchase }: Pick<FleetLine, 'gpu' | 'purchase'>): string {
  return `${gpu} ${purchase}`;
}

/** What a price is called whoever asks it: the list price, the cheapest host, or the one that was asked for. */
export function priceKey({ id, role }: Pick<TariffLine, 'id' | 'role'>): string {
  return role === 'list' || role === 'cheapest-host' ? role : id;
}

/** Figures under names that stay the same while prices, rents and layouts change. */
function stable(figures: readonly Figure[], { offers, tariffs }: BreakEvenAnswer, results: readonly FitResult[]): Figure[] {
  const keys = new Map([
    ...results.map((each) => [fitSubject(each), `${each.gpus}×${each.gpuName} ${each.format}`] as const),
    ...offers.map((each) => [each.id, fleetKey(each)] as const),
    ...tariffs.map((each) => [each.id, priceKey(each)] as const),
  ]);
  const keyOf = (id: string) => keys.get(id) ?? id;
  return figures.map((one) => ({ ...one, subject: renamedSubject(one.subject, keyOf) }));
}

/** The closed forms of a size alone. */
function sized(query: SizeQuery, catalog: Catalog): SizeAnswer | null {
  const { levels: _, whatIf: __, simulate: ___, trace: ____, uncertainty: _____, ...closed } = query;
  return orNull(() => size(closed, catalog));
}

/**
 * The closed-form answers to a changed question: cost, break-even, replicas and fit without samples of the months to come and without
 * simulation.
 *
 * @param query of the report
 * @param facts of the report
 * @param state what the reader changed
 * @param choices layouts that can be chosen, as `layoutChoices` lists them
 * @throws Fault where the changed question cannot be meant
 * @example whatIf(question, loadCatalog(), { rent: 2 }, []).breakEven.offers[0].usdPerGpuHour.value // 2
 */
export function whatIf(query: DossierQuery, facts: Catalog, state: WhatIfState, choices: readonly LayoutChoice[]): WhatIf {
  const catalog = changedFacts(facts, state);
  const { money: all, size: service } = changedQuery(query, state, choices);
  const asked = ofToday(all);
  const money = breakEven(asked, catalog);
  const fleet = service && sized(service, catalog);
  const memory = orNull(() => fit({ ...asked, contextTokens: asked.contextTokens ?? LEAST_CONTEXT }, catalog));
  const best = memory?.results.filter(({ verdict }) => verdict === 'fits' || verdict === 'marginal').slice(0, 1) ?? [];
  const figures = [
    ...breakEvenFigures(money),
    ...(fleet?.fleets[0] ? carryingFigures(fleet.fleets[0]).filter(({ code }) => code !== 'cost' && code !== 'replicas') : []),
    ...(fleet?.fleets[0]
      ? [figure('busy-replicas', fleet.fleets[0].id, 'replicas in the busiest hour', 'count', fleet.fleets[0].replicas)]
      : []),
    ...fitFigures({ results: best }),
  ];
  return { breakEven: money, size: fleet, fit: memory, figures: stable(figures, money, best) };
}
