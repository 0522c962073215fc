import type { Lens } from '../../cost/purchase.ts';
import { formatUsd } from '../../units/money.ts';
import { formatCount } from '../../units/tokens.ts';
import type { CashFlow } from './cashFlowAnswer.ts';

/** What the sums of cash flows do not hold and should not hide. */
export function cashFlowWarnings(flows: readonly CashFlow[], lens: Lens): string[] {
  const warnings = flows.flatMap(({ offer, committedUsd, plan, rows }) => {
    const counts = rows.slice(1).map(({ instances }) => instances);
    const [first = 0, most = 0] = [counts[0], Math.max(0, ...counts)];
    const bought = lens === 'incremental' && plan.host.instances.kind === 'rent' && plan.host.instances.usdPerMonth === 0;
    return [
      ...(committedUsd > 0
        ? [
            `${offer}: ${formatUsd(committedUsd)} stay bound by contracts beyond the last month and are in no sum; --months as long as the contract counts them`,
          ]
        : []),
      ...(bought && most > first
        ? [
            `${offer}: the ${formatCount(most - first)} machines that growth adds to the first ${formatCount(first)} are taken to be there too; the fully loaded lens buys them`,
          ]
        : []),
    ];
  });
  return [...new Set(warnings)];
}
