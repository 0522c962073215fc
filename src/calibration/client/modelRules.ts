import { Fault } from '../../faults/fault.ts';
import type { ToolChoice } from './ask.ts';

/** What a model takes and nothing else; requests that break it are errors of its API. */
export interface ModelRules {
  readonly model: string;
  readonly temperature: number;
  readonly topP: number;
  /** Thinking cannot be switched off, and its text goes back with the tool calls that it led to. */
  readonly thinking: 'always';
  readonly toolChoices: readonly ToolChoice[];
}

/** Moonshot platform documentation of kimi-k2.7-code (platform.kimi.ai/docs): other values are errors. */
const RULES: readonly ModelRules[] = [
  { model: 'kimi-k2.7-code', temperature: 1, topP: 0.95, thinking: 'always', toolChoices: ['auto', 'none'] },
];

/**
 * The rules of a model by the name that the endpoint gives it, with or without its owner.
 *
 * @returns null where a model has none
 * @example modelRules('moonshotai/Kimi-K2.7-Code').topP // 0.95
 */
export function modelRules(name: string): ModelRules | null {
  const own = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  return RULES.find(({ model }) => own.startsWith(model)) ?? null;
}

/** @throws Fault `contradiction` where the rules of the model forbid the choice */
export function checkToolChoice(rules: ModelRules | null, choice: ToolChoice): void {
  if (rules === null || rules.toolChoices.includes(choice)) return;
  throw new Fault('contradiction', `${rules.model} does not take this choice of tools`, {
    where: 'tool_choice',
    value: choice,
    allowed: rules.toolChoices.join(', '),
  });
}
