import type { HeldBackOffer, LeftOutRows, OffersImport } from '../importers/offers/offersImport.ts';
import { formatNumber } from './format.ts';
import { importOffersTable } from './importOffersTable.ts';
import { listBlock, type Report, tableBlock } from './report.ts';
import { asSentence } from './sections.ts';

const REASONS: Readonly<Record<LeftOutRows['reason'], string>> = {
  'no-gpu': 'machines without a GPU',
  'gpu-share': 'shares of a GPU',
  'gpu-alone': 'GPUs priced without the machine that they sit in',
  'no-price': 'no price stated',
  'zero-price': 'a price of zero, which means that none is offered',
  'on-request': 'a price on request',
  plan: 'prices of plans or clusters, not of an hour of an instance',
  repeat: 'the same price in another zone or row',
  dearer: 'one instance and region priced several times: the lowest price counts',
};

function leftOutText({ reason, count, where }: LeftOutRows): string {
  return asSentence(`${count} × ${REASONS[reason]}; first ${where}`);
}

function heldBackText({ id, where, usdPerGpuHour, medianUsdPerGpuHour }: HeldBackOffer): string {
  const prices = `${formatNumber(usdPerGpuHour)} a GPU-hour is 10 times or more away from the median ${formatNumber(medianUsdPerGpuHour)}`;
  return `${id}: ${prices}; --keep-outliers takes it (${where}).`;
}

/** An import of catalogs of GPU prices arranged for reading; refusals are said apart, row by row. */
export function importOffersReport(imported: OffersImport): Report {
  const { schema, answer, heldBack, leftOut, assumed } = imported;
  return {
    schema,
    blocks: [
      { kind: 'answer', text: answer },
      ...tableBlock('Prices against what was known', importOffersTable(imported)),
      ...listBlock('Held back', heldBack.map(heldBackText)),
      ...listBlock('Left out', leftOut.map(leftOutText)),
      ...listBlock('Taken for given', assumed.map(asSentence)),
    ],
  };
}
