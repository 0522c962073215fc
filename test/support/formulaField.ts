import { wordsIn } from './scenarioText.ts';

export const VARIABLES = `variables: { developers: 200, callsPerDay: 40, days: 22, share: 0.35, salary: "=12000 USD/month" }`;

/** A scenario with some variables in which a field has a formula. */
export function withField(field: string, formula: string): string {
  const [group = '', key = ''] = field.split('.');
  return `kplan: 1\n${VARIABLES}\n${group}:\n  ${key}: "${formula}"\n`;
}

/** The word that a formula comes to. */
export async function given(field: string, formula: string): Promise<string | true | undefined> {
  const words = await wordsIn(withField(field, formula));
  return Object.values(words)[0];
}
