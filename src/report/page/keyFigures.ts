import type { Estimate } from '../../evidence/estimate.ts';
import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';
import type { Dossier } from '../../plan/dossier/dossier.ts';
import { bandText, type Figure, figure, figureText, pairSubject, renamedSubject } from '../../plan/figures/figure.ts';
import { breakEvenFigures } from '../../plan/figures/moneyFigures.ts';
import { carryingFigures, fitFigures, speedFigures } from '../../plan/figures/planFigures.ts';
import { formatUsd } from '../../units/money.ts';
import { namesOf } from '../breakEvenTables.ts';
import { fleetName } from '../fitTable.ts';

/** A number that a reader should leave with. */
export interface KeyFigure {
  readonly label: string;
  /** Of which fleet or price; empty where the label says it. */
  readonly of: string;
  readonly value: string;
  /** From low to high; empty where it is exact or has no band. */
  readonly band: string;
  /** As computed, and its unit: what its derivation is found by; null where there is none. */
  readonly number: number | null;
  readonly unit: string;
}

const MOST = 8;

const A_MONTH = / a month(?=$| )/g;

/** A month is said once, by the label. */
function keyFigure(one: Figure, of: string): KeyFigure {
  const value = one.value === null ? 'none' : figureText(one.unit, one.value.value);
  const monthly = one.unit.endsWith('/month');
  return {
    label: monthly && one.value !== null ? `${one.label}, a month` : one.label,
    of,
    value: value.replace(A_MONTH, ''),
    band: bandText(one).replace(A_MONTH, ''),
    number: one.value?.value ?? null,
    unit: one.unit,
  };
}

/** What both sides cost, what is saved, how sure that is, and where they meet, for the best fleet and the first price. */
function moneyFigures({ breakEven }: Dossier): KeyFigure[] {
  const name = namesOf(breakEven);
  const best = breakEven.offers[0]?.id ?? '';
  const pair = pairSubject(best, breakEven.tariffs[0]?.id ?? '');
  const of = (codes: readonly string[], subjects: (subject: string) => boolean) =>
    breakEvenFigures(breakEven)
      .filter(({ code, subject }) => codes.includes(code) && subjects(subject))
      .map((one) => keyFigure(one, renamedSubject(one.subject, name)));
  return [
    ...of(['cost'], (subject) => subject === best),
    ...of(['api-cost'], () => true),
    ...savingFigures(breakEven),
    ...of(['break-even', 'probability'], (subject) => subject === pair),
    ...of(['capacity'], (subject) => subject === best),
  ];
}

/** What is saved over the months of the plan, in money of today, and how likely anything is. */
function savingFigures(answer: BreakEvenAnswer): KeyFigure[] {
  const [first] = answer.sensitivity;
  if (!first) return [];
  const name = namesOf(answer);
  const of = pairSubject(name(first.offer), name(first.tariff));
  const { savedPresentUsd: present, savedUsdPerMonth, probability } = first;
  const saved = present ?? savedUsdPerMonth;
  const when = present ? `over ${answer.time?.months ?? 0} months, in money of today` : 'a month';
  return [
    {
      label: `saved by own GPUs ${when}`,
      of,
      value: formatUsd(saved.now),
      band: `${formatUsd(saved.p10)} to ${formatUsd(saved.p90)}`,
      number: saved.now,
      unit: 'USD',
    },
    keyFigure(figure('cheaper', of, 'probability that own GPUs are cheaper then', 'share', probability.value), of),
  ];
}

function serviceFigures({ size }: Dossier): KeyFigure[] {
  const [fleet] = size?.fleets ?? [];
  if (!fleet) return [];
  const of = `${fleet.fleet.gpusPerReplica}× ${fleet.fleet.gpuName}`;
  const headroom: Estimate = { low: fleet.headroom, value: fleet.headroom, high: fleet.headroom, basis: 'modelled' };
  return [
    ...carryingFigures(fleet).map((one) => keyFigure(one, of)),
    keyFigure(figure('headroom', of, 'headroom', 'share', headroom), of),
    ...(fleet.simulation
      ? [
          keyFigure(figure('ttft-p95', of, 'TTFT, 95th percentile', 'ms', fleet.simulation.percentiles.ttft.p95), of),
          keyFigure(figure('tpot-p95', of, 'TPOT, 95th percentile', 'ms', fleet.simulation.percentiles.tpot.p95), of),
        ]
      : []),
  ];
}

function modelFigures({ fit, speed }: Dossier): KeyFigure[] {
  const best = fit?.results.find(({ verdict }) => verdict === 'fits') ?? fit?.results[0];
  const [replica] = speed?.replicas ?? [];
  const lone = replica ? speedFigures({ replicas: [{ ...replica, points: replica.points.slice(0, 1) }] }) : [];
  return [
    ...(best ? fitFigures({ results: [best] }).map((one) => keyFigure(one, fleetName(best))) : []),
    ...lone.filter(({ code }) => code !== 'kv-tokens').map((one) => keyFigure(one, one.subject)),
  ];
}

/** The numbers that an audience should leave with, the most telling first. */
export function keyFigures(dossier: Dossier): KeyFigure[] {
  const money = moneyFigures(dossier);
  const figures = {
    cfo: money,
    sre: [...serviceFigures(dossier), ...money],
    ml: [...modelFigures(dossier), ...money],
    all: money,
  };
  return figures[dossier.audience].slice(0, MOST);
}
