import { SCRIPT_MARK } from '../report/mark.ts';
import { inert } from '../report/plainText.ts';
import { argumentsOf, rolesOf } from './commandText.ts';
import type { Launch } from './launch.ts';
import { argumentText } from './word.ts';

/** The schema of the answer, by which kplan knows its files. */
const DEPLOY_SCHEMA = 'kplan/deploy@1';

/** The comment in the first lines of a script or YAML file by which kplan knows it again. */
const MARK_LINE = `${SCRIPT_MARK}${DEPLOY_SCHEMA}`;

/** A text as a comment: one line, whatever it holds. */
export function comment(text: string): string {
  return `# ${inert(text)}`.trimEnd();
}

/** What a file says at its top: the plan, and in capitals what is wrong with it. */
export interface Banner {
  readonly plan: string;
  /** Said where the plan is written although it does not hold. */
  readonly forced: readonly string[];
  readonly notes: readonly string[];
}

/** The banner as comments. */
export function bannerLines({ plan, forced, notes }: Banner): string[] {
  return [MARK_LINE, comment(plan), ...forced.map((text) => comment(`FORCED, DOES NOT HOLD: ${text}`)), ...notes.map(comment)];
}

/** Each argument and variable with why it is there. */
export function whyLines(launch: Launch): string[] {
  const variables = launch.environment.map(({ name, value, why }) => `${name}=${value}: ${why}`);
  const seen = new Set<string>();
  const flags = rolesOf(launch)
    .flatMap((role) => argumentsOf(launch, role))
    .filter(({ flag }) => !seen.has(flag) && seen.add(flag))
    .map((argument) => `${argumentText(argument)}: ${argument.why}`);
  return [...variables, ...flags];
}
