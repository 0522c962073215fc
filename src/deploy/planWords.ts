import { layoutName } from '../layout/layout.ts';
import { verdictInWords } from '../plan/fit/fitWords.ts';
import { formatContext } from '../units/tokens.ts';
import type { Subject } from './subject.ts';
import type { Constraint } from './wish.ts';

/** What is planned, in one line, without the verdict. */
function planInWords(subject: Subject, nodes: number): string {
  const { model, format, gpu, gpus, engine, version, contextTokens } = subject;
  const layout = subject.kind === 'gpu' ? ` as ${layoutName({ ...subject.judged.deployment.layout, dp: 1 })}` : '';
  const where = gpu === null ? 'CPUs alone' : `${gpus} × ${gpu.name}${layout}`;
  const on = nodes > 1 ? ` on ${nodes} nodes` : '';
  return `${model.name} (${format}) at ${formatContext(contextTokens)} tokens on ${where}${on}, ${version === null ? engine : `${engine} ${version}`}`;
}

/** The plan with its verdict, or with what stands against it. */
export function answerInWords(subject: Subject, nodes: number, constraints: readonly Constraint[], written: boolean): string {
  const plan = planInWords(subject, nodes);
  if (written) return `${plan}: ${verdictInWords(subject.verdict)}`;
  return `Not written: ${plan}: ${constraints.map(({ message }) => message).join('; ')}`;
}
