import type { Deployment } from '../../engine/deployment.ts';
import { admittedSequences } from '../../engine/maxSequences.ts';
import { betterFraction } from '../../engine/memoryFraction.ts';
import type { Settings } from '../../engine/rule.ts';
import { fillsNodes, fleetSizes, layoutsOver, preference } from '../../layout/enumeration.ts';
import { kvCaches, LAYOUT_FLAGS, type Layout, layoutName, stageRanks, totalGpus } from '../../layout/layout.ts';
import type { Verdict } from '../../memory/memoryPlan.ts';
import { formatContext, formatCount } from '../../units/tokens.ts';
import { type JudgedDeployment, judge } from '../judge.ts';
import { findCheckpoint } from '../lookup.ts';
import { MAX_NODES } from './candidates.ts';
import type { Remedy } from './fitAnswer.ts';
import { verdictInWords } from './fitWords.ts';

/** A deployment as the question has it but for what `change` says, in options and in words. */
interface Change {
  readonly code: string;
  readonly words: readonly string[];
  readonly change: Readonly<Record<string, string | number>>;
  readonly deployment: Deployment;
}

const SHORTEST_CONTEXT = 4096;

/** How many rules may be broken one after the other on the way to a valid layout. */
const REPAIRS = 3;

const MEMBERS = ['pp', 'dp', 'ep', 'dcp', 'attentionDp'] as const;

/** The options that turn one layout into another, whatever was typed for the first: GPUs, TP and each member that differs or is not 1. */
function layoutOptions(from: Layout, to: Layout): Record<string, number> {
  const changed = MEMBERS.filter((name) => to[name] !== 1 || from[name] !== 1 || (name === 'ep' && to.attentionDp > 1));
  return {
    gpus: totalGpus(to),
    tp: to.tp,
    ...Object.fromEntries(changed.map((name) => [LAYOUT_FLAGS[name].slice(2), to[name]])),
  };
}

function withLayout(deployment: Deployment, layout: Layout, code: string): Change {
  return {
    code,
    words: [`${totalGpus(layout)} × ${deployment.gpu.name} as ${layoutName(layout)}`],
    change: layoutOptions(deployment.layout, layout),
    deployment: { ...deployment, layout },
  };
}

/** The options, words and effect of settings that a rule may ask for. */
function* choices({ engineVersion, format, kvCacheDtype, utilization }: Settings, { release, model }: Deployment) {
  if (engineVersion !== undefined) {
    const part: Partial<Deployment> = { release: { ...release, version: engineVersion } };
    yield { option: 'engine', value: `${release.engine.id}@${engineVersion}`, words: `${release.engine.name} ${engineVersion}`, part };
  }
  if (format !== undefined) {
    const part: Partial<Deployment> = { checkpoint: findCheckpoint(model, format) };
    yield { option: 'format', value: format, words: `the ${format} checkpoint`, part };
  }
  if (kvCacheDtype !== undefined) {
    const words = `${kvCacheDtype === 'fp8' ? 'an FP8' : 'a BF16'} KV cache`;
    yield { option: 'kv-cache-dtype', value: kvCacheDtype, words, part: { kvCacheDtype } };
  }
  if (utilization !== undefined) {
    yield { option: 'utilization', value: utilization, words: `a memory fraction of ${utilization}`, part: { utilization } };
  }
}

/** A change with further settings; what it says itself stays. */
function withSettings(change: Change, settings: Settings): Change {
  let whole = change;
  for (const { option, value, words, part } of choices(settings, change.deployment)) {
    if (option in change.change) continue;
    whole = {
      code: whole.code || option,
      words: [...whole.words, words],
      change: { ...whole.change, [option]: value },
      deployment: { ...whole.deployment, ...part },
    };
  }
  return whole;
}

function unchanged(deployment: Deployment): Change {
  return { code: '', words: [], change: {}, deployment };
}

/** A change with the settings that rules ask for where they refuse it or leave it in doubt. */
function settled(change: Change, { judgements }: JudgedDeployment): Change {
  return withSettings(change, Object.assign({}, ...judgements.map(({ finding }) => finding.settings)));
}

function cacheChanges(deployment: Deployment): Change[] {
  const { layout } = deployment;
  const changes = deployment.kvCacheDtype === 'bf16' ? [withSettings(unchanged(deployment), { kvCacheDtype: 'fp8' })] : [];
  for (let dcp = layout.dcp * 2; dcp <= layout.tp; dcp *= 2) {
    changes.push({
      code: 'dcp',
      words: [`the KV cache of a sequence spread over ${dcp} ranks (DCP)`],
      change: { dcp },
      deployment: { ...deployment, layout: { ...layout, dcp } },
    });
  }
  return changes;
}

function limitChanges(deployment: Deployment): Change[] {
  const { sequences, layout } = deployment;
  const needed = Math.ceil(sequences / kvCaches(layout));
  if (admittedSequences(deployment).value >= needed) return [];
  return [
    {
      code: 'max-num-seqs',
      words: [`a limit of ${needed} sequences`],
      change: { 'max-num-seqs': needed },
      deployment: { ...deployment, maxNumSeqs: needed },
    },
  ];
}

function budgetChanges(deployment: Deployment): Change[] {
  const fraction = betterFraction(deployment);
  return fraction === null ? [] : [withSettings(unchanged(deployment), { utilization: fraction })];
}

function attentionDpChanges(deployment: Deployment): Change[] {
  const { layout } = deployment;
  const changes = [];
  for (let ways = 2; ways <= layout.tp && layout.tp % ways === 0; ways *= 2) {
    const spread = { ...layout, tp: layout.tp / ways, attentionDp: layout.attentionDp * ways, ep: stageRanks(layout), dcp: 1 };
    changes.push(withLayout(deployment, spread, 'attention-dp'));
  }
  return changes;
}

/** The longest context, in whole thousands of 1,024 tokens, of which the asked sequences fit at high overhead. */
function shorterContext({ deployment, memory }: JudgedDeployment): Change[] {
  if (!memory) return [];
  const { layout, sequences } = deployment;
  const caches = kvCaches(layout);
  const tokens = Math.floor(memory.kvTokens.low / caches / Math.ceil(sequences / caches) / 1024) * 1024;
  if (tokens < SHORTEST_CONTEXT || tokens >= deployment.contextTokens) return [];
  return [
    {
      code: 'shorter-context',
      words: [`a context of ${formatContext(tokens)} (${formatCount(tokens)} tokens)`],
      change: { ctx: tokens },
      deployment: { ...deployment, contextTokens: tokens },
    },
  ];
}

/**
 * Other layouts on fleets of up to four nodes: those that fill their nodes before those that do not, as many GPUs as asked before
 * more, and more before fewer.
 */
function* fleetChanges(deployment: Deployment): Generator<Change> {
  const { gpu, layout } = deployment;
  const asked = totalGpus(layout);
  const sizes = [...new Set([asked, ...fleetSizes(gpu.gpusPerNode, MAX_NODES)])].filter((size) => size <= MAX_NODES * gpu.gpusPerNode);
  const inOrder = [...sizes.filter((size) => size >= asked).sort((a, b) => a - b), ...sizes.filter((size) => size < asked).reverse()];
  for (const fills of [true, false]) {
    for (const size of inOrder) {
      const code = size === asked ? 'other-layout' : size > asked ? 'more-gpus' : 'fewer-gpus';
      const layouts = layoutsOver(size, { dp: layout.dp }).filter((candidate) => fillsNodes(candidate, gpu.gpusPerNode) === fills);
      for (const candidate of layouts.sort((a, b) => preference(a, b, gpu.gpusPerNode))) yield withLayout(deployment, candidate, code);
    }
  }
}

/** The valid layouts next to an invalid one: what the rules that fail ask for, one after the other. */
function nearestValid(deployment: Deployment, judged: JudgedDeployment, repairs = REPAIRS): Layout[] {
  const { layout } = judged.deployment;
  const nearest = judged.judgements.flatMap(({ finding }) => (finding.outcome === 'fail' ? (finding.nearest ?? []) : []));
  if (nearest.length === 0) return judged.verdict === 'invalid' ? [] : [layout];
  if (repairs === 0) return [];
  return nearest.flatMap((part) => {
    const valid = { ...layout, ...part };
    const wide = layout.ep > 1 && layout.ep === stageRanks(layout) && part.ep === undefined;
    const next = { ...deployment, layout: wide ? { ...valid, ep: stageRanks(valid) } : valid };
    return nearestValid(next, judge(next), repairs - 1);
  });
}

/** Changes of a question that fits nowhere or only perhaps, smallest first. */
function* memoryChanges(judged: JudgedDeployment): Generator<Change> {
  const { deployment } = judged;
  yield* limitChanges(deployment);
  yield* cacheChanges(deployment);
  yield* budgetChanges(deployment);
  yield* attentionDpChanges(deployment);
  yield* shorterContext(judged);
  yield* fleetChanges(deployment);
}

/** Changes of a question that no engine accepts: what the rules ask for, the nearest valid layouts, other fleets. */
function* ruleChanges(judged: JudgedDeployment): Generator<Change> {
  const start = settled(unchanged(judged.deployment), judged);
  if (start.words.length > 0) yield start;
  for (const layout of nearestValid(start.deployment, judge(start.deployment))) {
    if (layout !== start.deployment.layout) yield withLayout(judged.deployment, layout, 'nearest-valid');
  }
  yield* fleetChanges(judged.deployment);
}

function remedyOf({ code, words, change }: Change, verdict: Verdict): Remedy {
  return { code, message: `with ${words.join(' and ')}: ${verdictInWords(verdict)}`, change, verdict };
}

/** The first change that fits, or where none does the first that is marginal. */
function firstThatHelps(changes: Iterable<Change>, marginalHelps: boolean): Remedy | null {
  let marginal: Remedy | null = null;
  for (const change of changes) {
    const judged = judge(change.deployment);
    const whole = settled(change, judged);
    const tries =
      whole === change
        ? [{ one: change, verdict: judged.verdict }]
        : [
            { one: whole, verdict: judge(whole.deployment).verdict },
            { one: change, verdict: judged.verdict },
          ];
    for (const { one, verdict } of tries) {
      if (verdict === 'fits') return remedyOf(one, verdict);
      if (verdict === 'marginal') marginal ??= remedyOf(one, verdict);
    }
  }
  return marginalHelps ? marginal : null;
}

/**
 * The smallest change that would help a deployment that does not fit, is marginal or invalid: the limit on sequences first, then cache
 * settings, the budget, attention DP, a shorter context, other layouts and fleets; for an invalid one what the rules ask for first.
 *
 * @returns the first change that makes it fit, else the first that makes it marginal, else null: no fleet of up to four nodes holds it
 */
export function findRemedy(judged: JudgedDeployment): Remedy | null {
  if (judged.verdict === 'fits') return null;
  if (judged.verdict === 'invalid') return firstThatHelps(ruleChanges(judged), true);
  return firstThatHelps(memoryChanges(judged), judged.verdict === 'does-not-fit');
}
