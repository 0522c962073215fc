import { layoutName } from '../layout/layout.ts';
import { verdictInWords } from '../plan/fit/fitWords.ts';
import { formatContext } from '../units/tokens.ts';
import type { Launch } from './launch.ts';
import type { Subject } from './subject.ts';
import type { Constraint } from './wish.ts';

/** What is planned, in one line, without the verdict. */
function planInWords(subject: Subject, { nodes: { nodes }, release: { launch } }: Launch): string {
  const { model, format, gpu, gpus, version, contextTokens } = subject;
  const layout = subject.kind === 'gpu' ? ` as ${layoutName({ ...subject.judged.deployment.layout, dp: 1 })}` : '';
  const where = gpu === null ? 'CPUs alone' : `${gpus} × ${gpu.name}${layout}`;
  const on = nodes > 1 ? ` on ${nodes} nodes` : '';
  return `${model.name} (${format}) at ${formatContext(contextTokens)} tokens on ${where}${on}, ${version === null ? launch.name : `${launch.name} ${version}`}`;
}

/** The plan with its verdict, or with what stands against it. */
export function answerInWords(subject: Subject, launch: Launch, constraints: readonly Constraint[], written: boolean): string {
  const plan = planInWords(subject, launch);
  if (written) return `${plan}: ${verdictInWords(subject.verdict)}`;
  return `Not written: ${plan}: ${constraints.map(({ message }) => message).join('; ')}`;
}
