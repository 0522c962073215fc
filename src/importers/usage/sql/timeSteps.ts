import { STEPS_MS } from '../../../workload/arrivalTally.ts';
import { JITTER_MS } from '../../../workload/stepGaps.ts';
import type { Dialect } from './dialect.ts';

const JITTER_US = JITTER_MS * 1000;
/** Every step is a multiple of one of these, so where neither holds none does. */
const [FINEST_US, OTHER_US] = [100_000, 250_000];

/** Distance to the nearest multiple of a step, in µs. */
function offStep(since: string, stepUs: number): string {
  const moved = `(${since} + ${stepUs / 2})`;
  return `ABS(${moved} - MOD(${moved}, ${stepUs}) - ${since})`;
}

/**
 * The parts of the query that sum the gaps between times, for each step to which they may be rounded, and as they are (`step_us` 0): the
 * sums of `StepGaps`. Steps are tried only where all times lie near a multiple of the finest ones, so that a log without rounded times is
 * sorted once.
 */
export function timeSteps({ int, float, before }: Dialect): string[] {
  const steps = [...STEPS_MS.map((ms) => ms * 1000), 0].map((step) => [step, step || 1, step / 2] as const);
  const [first = [0, 1, 0], ...rest] = steps;
  const was = (value: string) => before(value, 'step_of', 'rounded_us');
  return [
    `span AS (
  SELECT MIN(at_us) AS first_at FROM used WHERE at_us IS NOT NULL
)`,
    `times AS (
  SELECT since_us, COUNT(*) AS n
  FROM (SELECT at_us - first_at AS since_us FROM used CROSS JOIN span WHERE at_us IS NOT NULL) since
  GROUP BY since_us
)`,
    `finest AS (
  SELECT MAX(${offStep('since_us', FINEST_US)}) AS off_finest, MAX(${offStep('since_us', OTHER_US)}) AS off_other
  FROM times
)`,
    `steps AS (
  SELECT CAST(${first[0]} AS ${int}) AS step_of, CAST(${first[1]} AS ${int}) AS unit_us, CAST(${first[2]} AS ${int}) AS half_us
${rest.map(([step, unit, half]) => `  UNION ALL SELECT ${step}, ${unit}, ${half}`).join('\n')}
)`,
    `tried AS (
  SELECT step_of, unit_us, half_us
  FROM steps CROSS JOIN finest
  WHERE step_of = 0 OR off_finest <= ${JITTER_US} OR off_other <= ${JITTER_US}
)`,
    `rounded AS (
  SELECT step_of, rounded_us, SUM(n) AS together, MAX(ABS(rounded_us - since_us)) AS off_us
  FROM (
    SELECT step_of, since_us, n, since_us + half_us - MOD(since_us + half_us, unit_us) AS rounded_us
    FROM times CROSS JOIN tried
  ) each_time
  GROUP BY step_of, rounded_us
)`,
    `neighbours AS (
  SELECT
    step_of, rounded_us, together, off_us,
    ${was('rounded_us')} AS before_us,
    ${was('together')} AS before_n,
    row_number() OVER (PARTITION BY step_of ORDER BY rounded_us DESC) AS from_end
  FROM rounded
)`,
    `measured AS (
  SELECT
    step_of, rounded_us, together, off_us, before_us, from_end,
    CAST(step_of AS ${float}) / 1000 AS step_ms,
    CAST(rounded_us - before_us - step_of AS ${float}) / 1000 AS idle_ms,
    CAST(together AS ${float}) AS m,
    CAST(before_n AS ${float}) AS b
  FROM neighbours
)`,
    `squared AS (
  SELECT
    step_of, rounded_us, together, off_us, before_us, from_end,
    (m - 1) * 2 / ((m + 1) * (m + 2)) * step_ms * step_ms
      + CASE WHEN before_us IS NULL THEN 0 ELSE
        idle_ms * idle_ms
        + 2 * idle_ms * step_ms * (1 / (b + 1) + 1 / (m + 1))
        + (2 / ((b + 1) * (b + 2)) + 2 / ((m + 1) * (m + 2)) + 2 / ((b + 1) * (m + 1))) * step_ms * step_ms
      END AS gap_squares
  FROM measured
)`,
  ];
}

/** What is selected of those parts for a row of each step that holds, and how. */
export const STEP_SUMS = {
  values: {
    step_us: 'step_of',
    requests: 'SUM(together)',
    last_us: 'MAX(rounded_us)',
    instants: 'COUNT(*)',
    first_requests: 'SUM(CASE WHEN before_us IS NULL THEN together ELSE 0 END)',
    last_requests: 'SUM(CASE WHEN from_end = 1 THEN together ELSE 0 END)',
    squares_ms2: 'SUM(gap_squares)',
  },
  from: `FROM squared GROUP BY step_of HAVING MAX(off_us) <= ${JITTER_US}`,
} as const;
