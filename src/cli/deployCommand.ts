import { loadLaunch } from '../catalog/index.ts';
import { type Deployed, deploy } from '../deploy/deploy.ts';
import type { DeployQuery } from '../deploy/deployQuery.ts';
import { deployReport, deployTable } from '../deploy/deployReport.ts';
import { Fault } from '../faults/fault.ts';
import { layoutName } from '../layout/layout.ts';
import { given } from '../plan/fit/question.ts';
import { findModel } from '../plan/lookup.ts';
import { checkDelivery, deliver } from './deliver.ts';
import type { DeployWords } from './deployOptions.ts';
import { ofPlan, planFrom } from './deployPlan.ts';
import { deployQueryOf } from './deployQuery.ts';
import { EXIT, type Io } from './io.ts';
import { askedOf, catalogWith } from './modelCatalog.ts';

/** The file of each form. */
const FORMS: Readonly<Record<string, string>> = {
  command: 'launch.sh',
  compose: 'compose.yaml',
  kubernetes: 'kubernetes.yaml',
  clients: 'clients.sh',
};

function checkForm({ emit, json, csv, markdown }: DeployWords): void {
  if (emit === undefined) return;
  if (!Object.hasOwn(FORMS, emit))
    throw new Fault('unknown', 'no such form', { where: '--emit', value: emit, allowed: Object.keys(FORMS).join(', ') });
  if (json || csv || markdown)
    throw new Fault('contradiction', 'one form at a time', {
      where: '--emit',
      value: emit,
      allowed: '--emit, --json, --csv or --markdown',
    });
}

const IN_WORDS: Readonly<Record<string, string>> = {
  engineVersion: 'release',
  kvCacheDtype: 'KV cache dtype',
  utilization: 'memory fraction',
  maxNumSeqs: 'limit of sequences',
  maxNumBatchedTokens: 'limit of tokens in a step',
  draftTokens: 'number of drafted tokens',
  enforceEager: 'use of CUDA graphs',
  graphEstimate: 'estimate of graph memory',
};

/**
 * What `--size` says.
 *
 * @throws Fault where it is of another plan
 */
async function sizeOf({ size, replicas: asked }: DeployWords, { plan, query }: Deployed['answer']): Promise<Partial<DeployQuery>> {
  if (size === undefined) return {};
  const { readSizeFile } = await import('../deploy/sizeFile.ts');
  const { contextTokens, layout, run, replicas, leastReplicas, loadBytesPerSecond, ...sized } = readSizeFile(size);
  const placement = plan.layout === null ? 'the placement' : layoutName(plan.layout);
  const planned: Readonly<Record<string, unknown>> = { ...query, ...plan, layout: placement };
  const other = Object.entries({ ...sized, layout: layoutName({ ...layout, dp: 1 }), ...run }).find(
    ([name, value]) => planned[name] !== value,
  );
  const where = '--size';
  if (other) {
    const [name, value] = other;
    throw new Fault('contradiction', `its cheapest fleet has another ${IN_WORDS[name] ?? name} than the plan`, {
      where,
      value,
      allowed: String(planned[name]),
    });
  }
  if (contextTokens !== null && contextTokens > plan.contextTokens)
    throw new Fault('contradiction', 'it is sized for requests longer than the context of the plan', {
      where,
      value: contextTokens,
      allowed: `${plan.contextTokens} tokens at most`,
    });
  const all = asked === undefined ? replicas : Number(asked);
  return { replicas, leastReplicas: Math.max(0, Math.min(leastReplicas, all - 1)), loadBytesPerSecond };
}

/** The answer with what is said beside it. */
function told({ answer, ...rest }: Deployed, verdict: string | null, notes: readonly string[]): Deployed {
  const other =
    verdict === null || verdict === answer.plan.verdict ? [] : [`the file calls this plan ${verdict}, these facts ${answer.plan.verdict}`];
  return { ...rest, answer: { ...answer, warnings: [...answer.warnings, ...other, ...notes] } };
}

/**
 * The file of `--emit`; null where nothing is written.
 *
 * @throws Fault where there are no files for containers
 */
function fileOfForm({ answer, withoutContainers }: Deployed, form: string): string | null {
  const file = answer.files.find(({ name }) => name === FORMS[form]);
  if (!file && answer.written && withoutContainers) throw withoutContainers;
  return file?.content ?? null;
}

/** Puts the file of `--emit` on stdout, and what is said beside it on stderr; or why there is none. */
function emit({ answer }: Deployed, content: string | null, io: Io): void {
  if (content !== null) io.write(content);
  const refusal = answer.constraints.map(({ remedy }) => (remedy === null ? '' : `; what would help: ${remedy}`)).join('');
  for (const warning of [...(content === null ? [`${answer.answer}${refusal}`] : []), ...answer.warnings]) io.warn(`kplan: ${warning}\n`);
}

/** Answers `kplan deploy`; the exit code is 3 where the plan does not hold and was not forced. */
export async function runDeploy(typed: DeployWords, io: Io): Promise<number> {
  const { out: folder, force: _, ...form } = typed;
  checkForm(typed);
  await checkDelivery(form);
  const { catalog, notes, ...found } = await catalogWith(typed.model, io);
  const words = askedOf(typed, found);
  const { plan, verdict } = await planFrom(words);
  const { row, ...rest } = deployQueryOf(words);
  // A plan of a file is one row already.
  const query: DeployQuery = {
    ...rest,
    ...(words.plan === undefined ? given('row', row) : {}),
    ...given('namedModel', found.model && typed.model),
    plan,
  };
  const facts = loadLaunch();
  const first = ofPlan(typed.plan, () => deploy(query, catalog, facts));
  if (typed.plan !== undefined && words.model !== undefined && findModel(catalog, words.model).id !== first.answer.plan.model)
    throw new Fault('contradiction', 'the plan is of another model', {
      where: '--model',
      value: typed.model,
      allowed: first.answer.plan.model,
    });
  const sized = await sizeOf(words, first.answer);
  const deployed = told(words.size === undefined ? first : deploy({ ...sized, ...query }, catalog, facts), verdict, notes);
  const { answer } = deployed;
  const emitted = typed.emit === undefined ? undefined : fileOfForm(deployed, typed.emit);
  if (folder !== undefined && answer.written) {
    const { writeFolder } = await import('./deployFolder.ts');
    for (const path of writeFolder(folder, answer.files, Object.values(FORMS))) io.warn(`kplan: wrote ${path}\n`);
  }
  if (emitted !== undefined) emit(deployed, emitted, io);
  else
    await deliver(
      {
        schema: answer.schema,
        document: () => answer,
        table: () => deployTable(answer),
        report: () => deployReport(answer),
        warnings: answer.warnings,
      },
      form,
      io,
    );
  return answer.written ? EXIT.done : EXIT.negative;
}
