import type { DaySpan } from '../../cost/tariff.ts';
import { utcMinute } from './clock.ts';
import type { PriceFields } from './priceFields.ts';
import { type DecimalCondition, type PriceSet, samePrices } from './priceSet.ts';

/** A set of a list, with the day or the hours to which it is bound. */
interface ListedSet {
  readonly constraint: PriceFields | null;
  readonly set: PriceSet;
}

/** A set that holds at any hour, from a day on, with what replaces it in some hours. */
interface BaseSet {
  readonly start: string | null;
  readonly set: PriceSet;
  readonly windows: DecimalCondition[];
}

function minuteOf(constraint: PriceFields, name: string): number {
  const text = constraint.text(name);
  const minute = text === null ? null : utcMinute(text);
  if (minute === null) throw constraint.flaw(name, 'not a time of the day in UTC', 'a time such as 00:30:00Z');
  return minute;
}

function spanOf(constraint: PriceFields): DaySpan {
  const [fromMinute, toMinute] = [minuteOf(constraint, 'start_time'), minuteOf(constraint, 'end_time')];
  if (fromMinute === toMinute) throw constraint.flaw('end_time', 'the hours are empty', 'another time than start_time');
  return { fromMinute, toMinute: toMinute === 0 ? 1440 : toMinute };
}

/** Adds the prices of some hours; hours with the same prices one after another become one condition. */
function addWindow(windows: DecimalCondition[], { prices, conditions }: PriceSet, span: DaySpan): void {
  const last = windows.at(-1);
  if (last && conditions.length === 0 && last.aboveInputTokens === null && samePrices(last, prices)) {
    windows[windows.length - 1] = { ...last, hoursUtc: [...last.hoursUtc, span] };
    return;
  }
  windows.push({ ...prices, aboveInputTokens: null, hoursUtc: [span] });
  windows.push(...conditions.map((condition) => ({ ...condition, hoursUtc: [span] })));
}

function baseSets(listed: readonly ListedSet[]): BaseSet[] {
  const bases: BaseSet[] = [];
  for (const { constraint, set } of listed) {
    if (constraint === null) bases.push({ start: null, set, windows: [] });
    else if (constraint.has('start_date')) bases.push({ start: constraint.day('start_date'), set, windows: [] });
    else {
      const base = bases.at(-1);
      if (!base)
        throw constraint.flaw('start_time', 'no price of the whole day stands above it', 'hours below the prices that they replace');
      addWindow(base.windows, set, spanOf(constraint));
    }
  }
  return bases;
}

/**
 * The tariffs of a list of price sets of which the last one counts that is active.
 *
 * Sets bound to a day become tariffs of their own, each until the next; hours belong to the set above them: a list cannot say from which
 * day on hours hold, and those of a new price are listed below it.
 *
 * @param listed in the order of the registry
 * @param model for messages
 * @throws RowFlaw for an unknown constraint, and where no set holds all day
 */
export function datedSets(listed: readonly ListedSet[], model: PriceFields): PriceSet[] {
  const bases = baseSets(listed);
  if (bases.length === 0) throw model.flaw('prices', 'no price is listed', 'at least one set of prices');
  const days = [...new Set(bases.map(({ start }) => start ?? ''))].sort();
  const active = days.flatMap((day) => bases.findLast(({ start }) => (start ?? '') <= day) ?? []);
  const changes = days.flatMap((day, index) => {
    const base = active[index];
    return base && base !== active[index - 1] ? [{ day, base }] : [];
  });
  return changes.map(
    ({ day, base: { set, windows } }, index): PriceSet => ({
      ...set,
      conditions: [...set.conditions, ...windows],
      from: day === '' ? null : day,
      until: changes[index + 1]?.day ?? null,
      set: changes.length === 1 ? null : index + 1,
    }),
  );
}
