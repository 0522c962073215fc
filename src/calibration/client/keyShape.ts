/** Beginnings that hosts give their keys. */
const BEGINNING = /^(?:sk|pk|rk|key|api|hf|gsk|xai|nvapi|ghp|github_pat|glpat)[-_]|^(?:AIza|eyJ|AKIA)/;
/** Runs of letters and digits as no name has them: of all kinds, long with a digit, a UUID. */
const RANDOM = [
  /(?=[A-Za-z0-9]*[A-Z])(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{16}/,
  /(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{24}/,
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-/i,
];

/** A longer text is no name, either. */
const LONGEST = 512;

/**
 * Whether a text that should name where a key stands may be the key itself, so that it must not be repeated.
 *
 * @example ['sk-live-1', 'MY_KEY_2', 'keys/node2.txt'].map(looksLikeKey) // [true, false, false]
 */
export function looksLikeKey(text: string): boolean {
  return text.length > LONGEST || BEGINNING.test(text) || RANDOM.some((run) => run.test(text));
}

/** Whether a text can be the name of an environment variable. */
export function isVariableName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}
