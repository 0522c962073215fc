import { Fault } from '../../src/faults/fault.ts';
import { type Scenario, scenarioOf } from '../../src/scenario/scenario.ts';
import { scenarioDocument } from '../../src/scenario/scenarioDocument.ts';

/** The scenario that a text says, as `kplan.yaml`. */
export async function scenarioIn(text: string): Promise<Scenario> {
  return scenarioOf(scenarioDocument('kplan.yaml', text));
}

/** The fault that a text is refused with. */
export async function faultIn(text: string): Promise<Fault> {
  try {
    await scenarioIn(text);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('the text was not refused');
}

/** The words of a text, by option. */
export async function wordsIn(text: string): Promise<Record<string, string | true>> {
  const { words } = await scenarioIn(text);
  return Object.fromEntries([...words].map(([word, { value }]) => [word, value]));
}
