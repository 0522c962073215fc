import { attempted } from '../../faults/attempted.ts';
import { Fault } from '../../faults/fault.ts';
import type { Dossier } from '../../plan/dossier/dossier.ts';
import { turning } from '../../plan/outlook/outlookWords.ts';
import { fleetLineName, monthlyTable, namesOf } from '../breakEvenTables.ts';
import { cashFlowTable, flowTotalsTable, optionTable } from '../cashFlowTables.ts';
import { breakEvenChart } from '../charts/breakEvenChart.ts';
import { cashFlowChart } from '../charts/cashFlowChart.ts';
import type { VegaLiteSpec } from '../charts/chart.ts';
import { costChart } from '../charts/costChart.ts';
import { fitMapChart } from '../charts/fitMapChart.ts';
import { hybridChart } from '../charts/hybridChart.ts';
import { memoryChart } from '../charts/memoryChart.ts';
import type { Frame } from '../charts/sheet.ts';
import { dayChart } from '../charts/sizeChart.ts';
import { speedChart } from '../charts/speedChart.ts';
import { tornadoChart } from '../charts/tornadoChart.ts';
import { unitCostChart } from '../charts/unitCostChart.ts';
import { costTable } from '../costTables.ts';
import { contextTable } from '../fitTable.ts';
import { hybridTable } from '../hybridTables.ts';
import { type Block, listBlock, tableBlock } from '../report.ts';
import { probabilityTable, swingTable, turnTexts } from '../sensitivityTables.ts';
import { fleetRowsTable, percentileTable, whatIfTable } from '../sizeTables.ts';

/** A chart of a page. */
export interface PageChart {
  readonly id: string;
  readonly spec: VegaLiteSpec;
}

/** A part of a page under a title of its own. */
export interface PageSection {
  readonly id: string;
  readonly title: string;
  readonly charts: readonly PageChart[];
  readonly blocks: readonly Block[];
}

/** A chart, where there is something to draw of. */
function chart(id: string, draw: () => VegaLiteSpec): PageChart[] {
  const spec = attempted(draw);
  return spec instanceof Fault ? [] : [{ id, spec }];
}

function moneySection({ breakEven, cost }: Dossier, frame?: Frame): PageSection {
  const [best] = breakEven.offers;
  return {
    id: 'money',
    title: 'What it costs',
    charts: [
      ...chart('break-even', () => breakEvenChart(breakEven, frame)),
      ...chart('unit-cost', () => unitCostChart(breakEven, frame)),
      ...(cost ? chart('cost', () => costChart(cost, frame)) : []),
    ],
    blocks: [
      ...(best ? tableBlock(`Both sides by month, ${fleetLineName(best)}`, monthlyTable(breakEven, best)) : []),
      ...(cost ? tableBlock('What the traffic costs in each place', costTable(cost)) : []),
    ],
  };
}

/** How many assumptions that would turn the answer are told: three are remembered. */
const TURNS = 3;

function sureSection({ breakEven }: Dossier, frame?: Frame): PageSection {
  const [first] = breakEven.sensitivity;
  const name = namesOf(breakEven);
  const saves = first && (first.savedPresentUsd ?? first.savedUsdPerMonth).now > 0;
  return {
    id: 'sure',
    title: 'How sure, and what would turn it',
    charts: first ? chart('tornado', () => tornadoChart(breakEven, frame)) : [],
    blocks: first
      ? [
          ...listBlock(
            `What would turn it, ${name(first.offer)} against ${name(first.tariff)}`,
            turnTexts(turning(first), saves ? 'the API' : 'hosting').slice(0, TURNS),
          ),
          ...tableBlock('How sure', probabilityTable(breakEven)),
          ...tableBlock('What moves it', swingTable(first)),
          ...tableBlock('Now, later or never', optionTable(first)),
        ]
      : [],
  };
}

function monthsSection({ breakEven }: Dossier, frame?: Frame): PageSection {
  const best = breakEven.offers.find(({ id }) => id === breakEven.cashFlows[0]?.offer);
  return {
    id: 'months',
    title: 'Month by month',
    charts: best ? chart('cash-flow', () => cashFlowChart(breakEven, frame)) : [],
    blocks: best
      ? [
          ...tableBlock('Over all months', flowTotalsTable(breakEven)),
          ...tableBlock(`Cash flow, ${fleetLineName(best)}`, cashFlowTable(breakEven, best)),
        ]
      : [],
  };
}

function hybridSection({ hybrid }: Dossier, frame?: Frame): PageSection {
  return {
    id: 'hybrid',
    title: 'A floor of own GPUs, the rest from the API',
    charts: hybrid ? chart('hybrid', () => hybridChart(hybrid, frame)) : [],
    blocks: hybrid ? tableBlock('Floor and overflow', hybridTable(hybrid)) : [],
  };
}

function serviceSection({ size }: Dossier, frame?: Frame): PageSection {
  const [best] = size?.fleets ?? [];
  return {
    id: 'service',
    title: 'Replicas and waits',
    charts: size ? chart('day', () => dayChart(size, frame)) : [],
    blocks:
      size && best
        ? [
            { kind: 'text', text: size.answer },
            ...tableBlock('What it takes', fleetRowsTable(best)),
            ...tableBlock('Waits in the busiest hour', percentileTable(best)),
            ...tableBlock('While something happens', whatIfTable(size)),
          ]
        : [],
  };
}

function speedSection({ speed }: Dossier, frame?: Frame): PageSection {
  return {
    id: 'speed',
    title: 'How fast it is',
    charts: speed ? chart('speed', () => speedChart(speed, frame)) : [],
    blocks: speed ? [{ kind: 'text', text: speed.answer }] : [],
  };
}

function fitSection({ fit }: Dossier, frame?: Frame): PageSection {
  return {
    id: 'fit',
    title: 'Whether it fits',
    charts: fit ? [...chart('memory', () => memoryChart(fit, frame)), ...chart('fit-map', () => fitMapChart(fit, frame))] : [],
    blocks: fit
      ? [{ kind: 'text', text: fit.answer }, ...tableBlock('Sequences by context and KV cache dtype', contextTable(fit.contextMap ?? []))]
      : [],
  };
}

/** The order in which each audience reads. */
const ORDER = {
  cfo: [moneySection, sureSection, monthsSection, hybridSection],
  sre: [serviceSection, speedSection, fitSection, moneySection],
  ml: [fitSection, speedSection, moneySection],
  all: [moneySection, sureSection, monthsSection, hybridSection, serviceSection, speedSection, fitSection],
};

/**
 * The parts of a page for its audience, those with something to show.
 *
 * @param frame of the plots; that of each chart where none is given
 */
export function pageSections(dossier: Dossier, frame?: Frame): PageSection[] {
  return ORDER[dossier.audience]
    .map((section) => section(dossier, frame))
    .filter(({ charts, blocks }) => charts.length + blocks.length > 0);
}
