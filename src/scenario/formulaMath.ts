import { all, create, type MathJsInstance } from 'mathjs';
import { BASE_UNITS } from './formulaWords.ts';

/** An instance of mathjs of kplan's own, with the units of formulas; no other code shares its units. */
export function formulaMath(): MathJsInstance {
  const math = create(all ?? {}, { number: 'number', matrix: 'Array' });
  for (const unit of BASE_UNITS) math.createUnit({ [unit]: {} } as never, { override: true });
  math.createUnit('year', '12 month', { override: true });
  math.createUnit('kWh', '1 kW hour');
  return math;
}
