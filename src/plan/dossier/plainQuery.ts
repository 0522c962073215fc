import type { Distribution } from '../../evidence/distribution.ts';
import { valueAt } from '../../evidence/distribution.ts';
import { quasiRandomPoints } from '../../evidence/quasiRandom.ts';
import { quantile } from '../../evidence/sampler.ts';
import { CUT, fieldsReader, touchedFields, type UncertainField, type Uncertainty } from '../outlook/uncertainty.ts';
import type { DossierQuery } from './dossierQuery.ts';

/** Points over which the fields that follow from formulas are drawn, as a power of two. */
const POINTS = 9;

/** Each uncertain field as a distribution of its own: as given, or from the 10th to the 90th percentile of what its formula draws. */
function marginals(uncertainty: Uncertainty): Record<string, Distribution> {
  const names = Object.keys(uncertainty.inputs);
  const columns = quasiRandomPoints(names.length, POINTS, { seed: 1, number: 0 });
  const share = (name: number, point: number) => Math.min(1 - CUT, Math.max(CUT, columns[name]?.[point] ?? 0.5));
  const read = fieldsReader(uncertainty);
  const drawn = Array.from({ length: 2 ** POINTS }, (_, point) =>
    read(Object.fromEntries(Object.entries(uncertainty.inputs).map(([name, of], at) => [name, valueAt(of, share(at, point))]))),
  );
  return Object.fromEntries(
    touchedFields(uncertainty).map((field: UncertainField) => {
      const own = uncertainty.inputs[field];
      if (own) return [field, own];
      const sorted = drawn.map((values) => values[field] ?? 0).sort((a, b) => a - b);
      const [low, value, high] = [0.1, 0.5, 0.9].map((at) => quantile(sorted, at)) as [number, number, number];
      return [field, { kind: 'estimate', low, value, high }];
    }),
  );
}

function plain<Q extends { readonly uncertainty?: Uncertainty }>(query: Q): Q {
  const { uncertainty } = query;
  return uncertainty === undefined ? query : { ...query, uncertainty: { inputs: marginals(uncertainty), derived: {} } };
}

/**
 * A question without formulas, which can be written down: fields that follow from uncertain variables are distributions of their own then,
 * no longer bound to each other.
 */
export function plainQuery({ money, size, hybrid, ...query }: DossierQuery): DossierQuery {
  return { ...query, money: plain(money), size: size && plain(size), hybrid: hybrid && plain(hybrid) };
}
