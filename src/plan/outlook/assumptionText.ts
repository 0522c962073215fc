import { formatPrice, formatUsd } from '../../units/money.ts';
import { formatPercent } from '../../units/number.ts';
import { formatTokens } from '../../units/tokens.ts';
import type { SensitivityUnit } from './sensitivityAnswer.ts';

/** A value of an assumption with its unit. */
export function assumptionText(value: number, unit: SensitivityUnit): string {
  switch (unit) {
    case 'USD/Mtok':
      return `${formatPrice(value)}/Mtok`;
    case 'USD/GPU-hour':
      return `${formatPrice(value)}/GPU-hour`;
    case 'USD/kWh':
      return `${formatPrice(value)}/kWh`;
    case 'USD':
      return formatUsd(value);
    case 'USD/month':
      return `${formatUsd(value)}/month`;
    case 'share':
      return formatPercent(value);
    case 'share/year':
      return `${formatPercent(value)}/year`;
    case 'tokens/month':
    case 'tokens/s':
    case 'tokens':
      return `${formatTokens(value)} ${unit}`;
    default:
      return `${formatTokens(value)}${unit === '' || unit === 'times' ? '' : ` ${unit}`}`;
  }
}
