import type { Command } from 'commander';
import { Fault } from '../faults/fault.ts';
import { parseCondition } from '../plan/diff/conditions.ts';
import { diffAnswers } from '../plan/diff/diffAnswers.ts';
import { diffReport } from '../report/diffReport.ts';
import { diffRawTable } from '../report/diffTables.ts';
import { checkDelivery, deliver } from './deliver.ts';
import type { DiffOptions } from './diffOptions.ts';
import { diffSide, fileText, revisionText } from './diffSides.ts';
import { EXIT, type Io } from './io.ts';
import { audienceOf } from './reportQuery.ts';

const FILE = 'kplan.yaml';

function filesOf(files: readonly string[], revision: string | undefined): readonly [old: string, now: string] {
  const [first, second, ...more] = files;
  if (revision !== undefined) {
    if (second !== undefined)
      throw new Fault('contradiction', 'one file is compared with itself', {
        where: '--git',
        value: second,
        allowed: '--git REVISION [FILE]',
      });
    return [first ?? FILE, first ?? FILE];
  }
  if (first === undefined || second === undefined)
    throw new Fault('missing', 'two plans are compared', {
      where: first === undefined ? 'OLD' : 'NEW',
      allowed: 'OLD NEW, or --git REVISION [FILE]',
    });
  if (more.length > 0) throw new Fault('invalid', 'more than two files', { where: 'NEW', value: more[0], allowed: 'OLD NEW' });
  return [first, second];
}

/** Answers `kplan diff`; the exit code is 3 where a condition of `--fail-on` holds. */
export async function runDiff(files: readonly string[], options: DiffOptions, program: Command, io: Io): Promise<number> {
  const { git, failOn = [], strict = false } = options;
  await checkDelivery(options);
  const conditions = failOn.map(parseCondition);
  const audience = audienceOf(options);
  const [old, now] = filesOf(files, git);
  const texts = [git === undefined ? fileText(old) : await revisionText(git, old), fileText(now)] as const;
  const before = await diffSide(texts[0], audience, program, io);
  const after = await diffSide(texts[1], audience, program, io);
  const answer = diffAnswers(before, after, { conditions, strict });
  await deliver(
    {
      schema: answer.schema,
      document: () => answer,
      table: () => diffRawTable(answer),
      report: () => diffReport(answer),
      warnings: answer.warnings,
    },
    options,
    io,
  );
  const failed = answer.conditions.filter((condition) => condition.failed);
  for (const { condition, by } of failed) io.warn(`kplan: --fail-on ${condition}: ${by.slice(0, 3).join(', ')}\n`);
  return failed.length > 0 ? EXIT.negative : EXIT.done;
}
