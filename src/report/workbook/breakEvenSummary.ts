import type { Term } from '../../evidence/term.ts';
import type { MonthlyRow, Payback } from '../../plan/breakEven/breakEvenAnswer.ts';
import { asksVolume } from '../../plan/hosting/trafficVolume.ts';
import { verdictTexts } from '../verdictWords.ts';
import { FORMATS } from './numberFormat.ts';
import { cashFlowRows, surenessRows, type Told } from './outlookRows.ts';
import { headers, listed, paragraph, section, sentence, summaryEnd, summaryHead } from './summaryParts.ts';
import type { Alternative } from './termGroups.ts';
import { columnName, formulaCell, numberCell, type SheetCell, type SheetRow, textCell } from './workbook.ts';

/** Column of the own GPUs' cost in the table of both sides, and of the first API. */
const OWN = 3;
const FIRST_API = 6;

function termNumber(terms: readonly Term[], id: string): number {
  const term = terms.find((one) => one.id === id);
  if (!term) throw new Error(`no term ${id}`);
  return term.value;
}

/** Both sides at one volume, live. */
function monthRow({ id, selfHostUsd, tokensPerMonth }: MonthlyRow, fleet: Alternative, row: number, told: Told): SheetRow {
  const { answer, alternatives, sheets } = told;
  const { tariffs } = alternatives;
  const value = (term: string) => termNumber(answer.terms, term);
  const live = (term: string, format: string, look: 'live' | 'result' = 'live') =>
    formulaCell(sheets.formulaOf(term), value(term), format, look);
  const cheaper = value(id) < Math.min(...tariffs.map(({ key }) => value(`${id}_${key}`)));
  const apis = `${columnName(FIRST_API)}${row + 1}:${columnName(FIRST_API + tariffs.length - 1)}${row + 1}`;
  return [
    textCell(fleet.name),
    formulaCell(sheets.formulaOf(`${id}_requests * tokensPerRequest`), tokensPerMonth, FORMATS.tokens),
    live(`${id}_instances`, FORMATS.count),
    live(id, FORMATS.usd, 'result'),
    numberCell(selfHostUsd.low, FORMATS.usd, 'fixed'),
    numberCell(selfHostUsd.high, FORMATS.usd, 'fixed'),
    ...tariffs.map(({ key }) => live(`${id}_${key}`, FORMATS.usd, 'result')),
    formulaCell(
      `IF(${columnName(OWN)}${row + 1}<MIN(${apis}),"own GPUs","the API")`,
      cheaper ? 'own GPUs' : 'the API',
      FORMATS.plain,
      'result',
    ),
  ];
}

function monthRows(told: Told, before: number): SheetRow[] {
  const { answer, alternatives } = told;
  if (answer.monthly.length === 0 || alternatives.tariffs.length === 0) return [];
  const head = [
    ...section('Both sides in a month'),
    headers([
      'own GPUs',
      'tokens a month',
      'instances',
      'own GPUs, USD a month',
      '10th percentile',
      '90th percentile',
      ...alternatives.tariffs.map(({ name }) => `${name}, USD a month`),
      'cheaper',
    ]),
  ];
  const rows = answer.monthly.flatMap((row) => {
    const fleet = alternatives.fleets.find(({ id }) => id === row.offer);
    return fleet ? [{ row, fleet }] : [];
  });
  return [...head, ...rows.map(({ row, fleet }, place) => monthRow(row, fleet, before + head.length + place, told))];
}

/** The volumes from which hosting is cheaper for the first time and for good, over the terms. */
function volumes(k: string, t: string): { readonly first: string; readonly last: string } {
  const gain = `(${t}_usdPerRequest * ${k}_requestsPerStep - ${k}_usdPerStep)`;
  const owed = `(fixedUsd + ${t}_usdPerRequest * spareReplicas * ${k}_plannedRequests)`;
  const from = `(floor(max(${owed} / ${gain}, spareReplicas / ${k}_replicasPerInstance)) + 1)`;
  const free = `max(${from}, ceil((${owed} + ${t}_usdPerRequest * ${k}_requestsPerStep) / ${gain}) - 1)`;
  const at = (step: string) => `(fixedUsd + ${step} * ${k}_usdPerStep) / ${t}_usdPerRequest * tokensPerRequest`;
  const pays = `${t}_usdPerRequest * ${k}_requestsPerStep > ${k}_usdPerStep`;
  return { first: `${pays} ? ${at(from)} : "never"`, last: `${pays} ? ${at(free)} : "never"` };
}

function pairRow(fleet: Alternative, tariff: Alternative, { answer, sheets }: Told): SheetRow | null {
  const of = (line: { readonly offer: string; readonly tariff: string }) => line.offer === fleet.id && line.tariff === tariff.id;
  const verdict = answer.verdicts.find(of);
  if (!verdict || verdict.breakEvenUsdPerMtok === null || verdict.code === 'no-traffic') return null;
  const crossings = answer.crossings.filter(of);
  const none = verdict.code === 'always' ? 0 : 'never';
  const { first, last } = volumes(fleet.key, tariff.key);
  const price = `${tariff.key}_usdPerMtok`;
  const full = `${fleet.key}_usdPerStep / ${fleet.key}_requestsPerStep / tokensPerRequest * tokensPerMtok`;
  const band = crossings[0]?.tokensPerMonth;
  const end = (value: number | null | undefined): SheetCell | null =>
    value === null ? textCell('never', 'fixed') : numberCell(value, FORMATS.tokens, 'fixed');
  return [
    textCell(fleet.name),
    textCell(tariff.name),
    formulaCell(sheets.formulaOf(first), band?.value ?? none, FORMATS.tokens, 'result'),
    end(band?.low),
    end(band?.high),
    formulaCell(sheets.formulaOf(last), crossings.find(({ final }) => final)?.tokensPerMonth.value ?? none, FORMATS.tokens),
    numberCell(verdict.probability, FORMATS.share, 'fixed'),
    formulaCell(sheets.formulaOf(price), termNumber(answer.terms, price), FORMATS.price),
    formulaCell(sheets.formulaOf(full), verdict.breakEvenUsdPerMtok, FORMATS.price),
  ];
}

function pairRows(told: Told): SheetRow[] {
  const { fleets, tariffs } = told.alternatives;
  const rows = fleets.flatMap((fleet) => tariffs.map((tariff) => pairRow(fleet, tariff, told))).filter((row) => row !== null);
  if (rows.length === 0) return [];
  return [
    ...section('From which volume hosting is cheaper, in tokens a month'),
    headers([
      'own GPUs',
      'against',
      'cheaper from',
      '10th percentile',
      '90th percentile',
      'for good from',
      'likely to break even at all',
      'API price, USD/Mtok',
      'a full fleet is cheaper above, USD/Mtok',
    ]),
    ...rows,
  ];
}

function paybackRow({ id, offer, against, months, upfrontUsd, avoidedUsdPerMonth, runningUsdPerMonth }: Payback, told: Told): SheetRow {
  const { fleets, tariffs } = told.alternatives;
  const nameOf = (one: string) => [...fleets, ...tariffs].find((alternative) => alternative.id === one)?.name ?? one;
  const live = (formula: string, value: number | string, format: string, look: 'live' | 'result' = 'live') =>
    formulaCell(told.sheets.formulaOf(formula), value, format, look);
  return [
    textCell(nameOf(offer)),
    textCell(nameOf(against)),
    live(`${id}_upfront`, upfrontUsd, FORMATS.usd),
    live(`${id}_avoided`, avoidedUsdPerMonth, FORMATS.usd),
    live(`${id}_running`, runningUsdPerMonth, FORMATS.usd),
    live(`${id}_saved > 0 ? ${id}_upfront / ${id}_saved : "never"`, months ?? 'never', FORMATS.one, 'result'),
  ];
}

function paybackRows(told: Told): SheetRow[] {
  const { paybacks } = told.answer;
  if (paybacks.length === 0) return [];
  return [
    ...section('After how many months machines of your own have paid for themselves'),
    headers(['own GPUs', 'against', 'paid before', 'not paid any more, a month', 'running cost, a month', 'months']),
    ...paybacks.map((payback) => paybackRow(payback, told)),
  ];
}

/** Rows of a table above its first one: an empty one, its title, its header. */
const TABLE_HEAD = 3;

/** Who is cheaper at the asked volume, in one live sentence. */
function headline({ answer, alternatives }: Told, before: number): SheetRow[] {
  const { monthly, query, terms } = answer;
  const { tariffs } = alternatives;
  if (!asksVolume(query) || monthly.length === 0 || tariffs.length === 0) return [];
  const [from, to] = [before + TABLE_HEAD + 1, before + TABLE_HEAD + monthly.length];
  const own = `MIN(${columnName(OWN)}${from}:${columnName(OWN)}${to})`;
  const api = `MIN(${columnName(FIRST_API)}${from}:${columnName(FIRST_API + tariffs.length - 1)}${to})`;
  const ownUsd = Math.min(...monthly.map(({ id }) => termNumber(terms, id)));
  const apiUsd = Math.min(...monthly.flatMap(({ id }) => tariffs.map(({ key }) => termNumber(terms, `${id}_${key}`))));
  const words = (cheaper: string) => `At this volume ${cheaper} cheaper: own GPUs `;
  const [hosting, buying] = [words('hosting is'), words('an API is')];
  const money = (amount: string) => `"$"&TEXT(${amount},"#,##0")`;
  const usd = (amount: number) => `$${Math.round(amount).toLocaleString('en-US')}`;
  const formula = `IF(${own}<${api},"${hosting}","${buying}")&${money(own)}&" a month, the cheapest API "&${money(api)}&"."`;
  return [sentence(formula, `${ownUsd < apiUsd ? hosting : buying}${usd(ownUsd)} a month, the cheapest API ${usd(apiUsd)}.`, 'strong')];
}

/** What was decided and why, for somebody who only opens the workbook. */
export function breakEvenSummary(told: Told, names: readonly string[]): SheetRow[] {
  const { answer, sheets } = told;
  const head = (live: readonly SheetRow[]) => [
    ...summaryHead(
      `${answer.query['name'] === undefined ? '' : `${String(answer.query['name'])}: `}host ${String(answer.query['model'])} ourselves, or buy it from an API?`.replace(
        /^h/,
        'H',
      ),
      answer,
      sheets,
      live,
    ),
    ...listed('Why', verdictTexts(answer)),
  ];
  const before = head(headline(told, 0)).length;
  const months = monthRows(told, before);
  return [
    ...head(headline(told, before)),
    ...months,
    ...(months.length === 0
      ? []
      : [paragraph('Percentiles are the band of kplan: 80 % of cases lie inside. Grey numbers do not follow changed inputs.', 'muted')]),
    ...surenessRows(told),
    ...cashFlowRows(told),
    ...pairRows(told),
    ...paybackRows(told),
    ...summaryEnd(answer, names),
  ];
}
