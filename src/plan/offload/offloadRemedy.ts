import type { Verdict } from '../../memory/memoryPlan.ts';
import { formatGB, GB } from '../../units/bytes.ts';
import { formatContext } from '../../units/tokens.ts';
import type { Catalog } from '../catalog.ts';
import type { Remedy } from '../fit/fitAnswer.ts';
import { judgeOffload } from './offloadDemand.ts';
import { ggufFormats } from './offloadFormats.ts';
import type { JudgedOffload } from './offloadJudge.ts';
import type { ExpertCase, LayerCase, OffloadCase } from './offloadQuestion.ts';

/** A change of the question, as options and in words. */
interface Change {
  readonly code: string;
  readonly words: string;
  readonly change: Remedy['change'];
  readonly question: OffloadCase;
}

const SHORTEST_CONTEXT = 4096;
const MOST_GPUS = 8;

function moreRam({ question, needs }: JudgedOffload): Change[] {
  const needed = Math.ceil((needs?.high.ramNeededBytes ?? 0) / GB);
  if (needed * GB <= question.host.ramBytes) return [];
  const host = { ...question.host, ramBytes: needed * GB };
  return [{ code: 'more-ram', words: `${needed} GB of RAM`, change: { ram: `${needed}GB` }, question: { ...question, host } }];
}

function moreDisk({ question, diskNeededBytes }: JudgedOffload): Change[] {
  const needed = Math.ceil((diskNeededBytes ?? 0) / GB);
  if (question.host.diskBytes === null || question.host.diskBytes >= needed * GB) return [];
  const host = { ...question.host, diskBytes: needed * GB };
  return [{ code: 'more-disk', words: `${needed} GB of disk`, change: { disk: `${needed}GB` }, question: { ...question, host } }];
}

/** Smaller files of the same model, largest first. */
function smallerMixes(question: LayerCase, catalog: Catalog): Change[] {
  const sized = ggufFormats(question.model, undefined, catalog).filter(({ storage }) => storage.value.fileBytes !== null);
  const own = question.format.storage.value.fileBytes ?? 0;
  return sized
    .filter(({ storage }) => (storage.value.fileBytes ?? own) < own)
    .reverse()
    .map((format) => ({
      code: 'smaller-mix',
      words: `${format.format} (${formatGB(format.storage.value.fileBytes ?? 0, 0)})`,
      change: { format: format.format },
      question: { ...question, format },
    }));
}

function shorterContexts(question: OffloadCase): Change[] {
  const lengths: number[] = [];
  for (let tokens = question.contextTokens / 2; tokens >= SHORTEST_CONTEXT; tokens /= 2) lengths.push(Math.floor(tokens));
  return lengths.map((contextTokens) => ({
    code: 'shorter-context',
    words: `a context of ${formatContext(contextTokens)} tokens`,
    change: { ctx: contextTokens },
    question: {
      ...question,
      contextTokens,
      ...(question.engine === 'ktransformers' ? { chunkTokens: Math.min(question.chunkTokens, contextTokens) } : {}),
    },
  }));
}

function moreGpus(question: OffloadCase): Change[] {
  const { gpu, gpus } = question.host;
  if (gpu === null) return [];
  const counts = [2, 4, 8].filter((count) => count > gpus && count <= MOST_GPUS);
  return counts.map((count) => ({
    code: 'more-gpus',
    words: `${count} of these GPUs`,
    change: { gpu: `${gpu.id}:${count}` },
    question: { ...question, host: { ...question.host, gpus: count } },
  }));
}

/** As many experts on the GPUs as find room, where fewer than asked do. */
function fewerExperts(question: ExpertCase, catalog: Catalog): Change[] {
  if (question.gpuExperts === null) return [];
  const { needs } = judgeOffload({ ...question, gpuExperts: null }, catalog);
  const end = needs?.high.gpuLacksBytes === 0 ? 'high' : 'value';
  const gpuExperts = needs?.[end].placement.onGpus ?? question.gpuExperts;
  if (gpuExperts >= question.gpuExperts) return [];
  const words = `${gpuExperts} experts of each layer on the GPUs`;
  return [{ code: 'fewer-gpu-experts', words, change: { gpuExperts }, question: { ...question, gpuExperts } }];
}

function hybridPrefill(question: ExpertCase): Change[] {
  if (question.prefill === 'hybrid') return [];
  const words = 'prompts read without bringing experts to the GPU';
  return [{ code: 'hybrid-prefill', words, change: { prefill: 'hybrid' }, question: { ...question, prefill: 'hybrid' } }];
}

/** Two changes of one question that help only together. */
function together(one: Change, other: Change): Change {
  return {
    code: `${one.code}+${other.code}`,
    words: `${one.words} and ${other.words}`,
    change: { ...one.change, ...other.change },
    question: { ...one.question, host: { ...one.question.host, ramBytes: other.question.host.ramBytes } },
  };
}

/** Changes that could help, the smallest first. */
function changes(judged: JudgedOffload, catalog: Catalog, formatAsked: boolean): Change[] {
  const { question, binding } = judged;
  if (binding.code === 'disk') return moreDisk(judged);
  if (question.engine === 'llama.cpp')
    return [...(formatAsked ? smallerMixes(question, catalog) : []), ...moreRam(judged), ...moreGpus(question)];
  const ram = moreRam(judged);
  const gpus = [...fewerExperts(question, catalog), ...hybridPrefill(question), ...shorterContexts(question), ...moreGpus(question)];
  return [...ram, ...gpus.map((change) => ram.reduce(together, change))];
}

const BETTER: Readonly<Record<Verdict, number>> = { invalid: 0, 'does-not-fit': 1, marginal: 2, fits: 3 };

/**
 * The smallest change under which a case fits, or at least does better; null where it fits already or nothing helps.
 *
 * @param judged a case with its verdict
 * @param formatAsked whether the user chose the file: only then is a smaller one a change, for otherwise all are compared
 */
export function findOffloadRemedy(judged: JudgedOffload, catalog: Catalog, formatAsked: boolean): Remedy | null {
  if (judged.verdict === 'fits' || judged.verdict === 'invalid') return null;
  let better: Remedy | null = null;
  for (const { code, words, change, question } of changes(judged, catalog, formatAsked)) {
    const { verdict } = judgeOffload(question, catalog);
    const remedy = { code, message: `${words}: ${verdict === 'fits' ? 'it fits' : 'it is marginal'}`, change, verdict };
    if (verdict === 'fits') return remedy;
    if (better === null && BETTER[verdict] > BETTER[judged.verdict]) better = remedy;
  }
  return better;
}
