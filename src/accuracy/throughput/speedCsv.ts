import { TYPICAL } from '../../catalog/speedFits.ts';
import { ATTENTIONS, type BandTable, QUANTITIES } from '../../throughput/band.ts';
import type { Coefficients } from '../../throughput/coefficients.ts';
import type { SpeedFits } from '../../throughput/fitting/speedFit.ts';
import { SITUATIONS } from '../../throughput/situation.ts';

const DIGITS = 4;
/** Key of the fit in data/sources.yaml. */
const SOURCE = 'speed-fit';

function csv(header: string, lines: readonly (readonly (string | number)[])[]): string {
  return [`${header}\n`, ...lines.map((cells) => `${cells.join()}\n`)].join('');
}

function rounded(value: number, digits = DIGITS): number {
  return Number(value.toPrecision(digits));
}

const LATENCIES = ['tpot', 'ttft'] as const;

function ofBoth<T>(fits: SpeedFits, rows: (quantity: 'tpot' | 'ttft', fit: Coefficients) => T[]): T[] {
  return LATENCIES.flatMap((quantity) => rows(quantity, fits[quantity]));
}

/** The fitted effects as the CSV file that the catalog reads; effects that round to nothing are left out. */
export function coefficientsCsv(fits: SpeedFits): string {
  const rows = ofBoth(fits, (quantity, { effects, terms }) =>
    Object.entries(effects).flatMap(([level, logs]) =>
      logs.flatMap((log, place) =>
        Math.abs(log) < 5e-4
          ? []
          : [[`${quantity} ${level} ${terms[place]}`, quantity, level, terms[place] ?? '', Number(log.toFixed(DIGITS))]],
      ),
    ),
  );
  return csv('id,quantity,level,term,log', rows);
}

/** Their covariance for each measured system, with the variance that is typical of its measurements. */
export function covarianceCsv(fits: SpeedFits): string {
  const rows = ofBoth(fits, (quantity, { systems, terms }) =>
    Object.entries(systems).flatMap(([system, { covariance, typicalVariance }]) => [
      [`${quantity} ${system} ${TYPICAL}`, quantity, system, TYPICAL, TYPICAL, rounded(typicalVariance, 3)],
      ...terms.flatMap((term, row) =>
        terms.slice(0, row + 1).map((other, column) => {
          const value = rounded(covariance[row * terms.length + column] ?? 0, 3);
          return [`${quantity} ${system} ${term} ${other}`, quantity, system, term, other, value];
        }),
      ),
    ]),
  );
  return csv('id,quantity,system,term,other,covariance', rows);
}

/** Bands of held-out rows by attention, quantity and situation. */
export function bandsCsv(bands: BandTable): string {
  const rows = ATTENTIONS.flatMap((attention) =>
    QUANTITIES.flatMap((quantity) =>
      SITUATIONS.map((situation) => {
        const { low, high, rows: count } = bands[attention][quantity][situation];
        return [`${attention} ${quantity} ${situation}`, attention, quantity, situation, rounded(low), rounded(high), count, SOURCE];
      }),
    ),
  );
  return csv('id,attention,quantity,situation,low,high,rows,source', rows);
}
