import type { CostAnswer, CostRow } from '../../plan/cost/costAnswer.ts';
import { monthAt } from '../../plan/outlook/cashFlow.ts';
import type { Table } from '../table.ts';
import { costMeter } from './fleetMeters.ts';
import { type FocusMeter, type FocusService, focusRow, focusTable } from './focusRow.ts';
import { isLeaf, tokenMeter } from './tokenMeters.ts';

function metersOf({ bill, id, instances }: CostRow, { fleets }: CostAnswer): FocusMeter[] {
  const fleet = fleets.find((one) => one.id === id);
  return bill.flatMap(({ code, tokens, usdPerMtok, usdPerMonth }) => {
    if (isLeaf(code)) return [tokenMeter(code, tokens ?? 0, usdPerMtok ?? 0, usdPerMonth)];
    const perHour = fleet?.usdPerGpuHour?.value;
    const rent = fleet?.costs.find((line) => line.code === 'rent')?.usdPerMonth ?? 0;
    const gpuHours = perHour ? ((instances ?? 0) * rent) / perHour : null;
    return fleet ? [costMeter(code, instances ?? 0, gpuHours, usdPerMonth, fleet.purchase)] : [];
  });
}

function serviceOf({ id, kind, name, model }: CostRow): FocusService {
  return kind === 'own'
    ? { alternative: id, provider: 'own GPUs', service: `${model} on ${name}`, sku: id, kind: 'gpus' }
    : { alternative: id, provider: name, service: `${model} API`, sku: id, kind: 'api' };
}

/** The month of a cost answer as rows of FOCUS 1.2, one for each alternative and meter; the month is the one after the facts. */
export function costFocus(answer: CostAnswer): Table {
  const month = monthAt(answer.dataAge.asOf.slice(0, 7), 1);
  return focusTable(answer.rows.flatMap((row) => metersOf(row, answer).map((meter) => focusRow(serviceOf(row), month, meter))));
}
