import { loadCatalog } from '../../src/catalog/index.ts';
import type { Answer } from '../../src/notebook/answerForms.ts';
import { advise } from '../../src/plan/advise/advise.ts';
import { dossier } from '../../src/plan/dossier/dossier.ts';
import { offload } from '../../src/plan/offload/offload.ts';
import { rankSpeed } from '../../src/plan/speed/rank.ts';
import { costAnswer, fitAnswer, hybridAnswer, ownedAnswer, reuseAnswer, sizeAnswer, speedAnswer } from './chartAnswers.ts';

const catalog = loadCatalog();
const asked = { gpu: ['h200'], workload: 'kimi-chat' } as const;

/** An answer of every kind that a notebook shows. */
export const SHOWN_ANSWERS: readonly Answer[] = [
  advise({ ...asked, tokensPerMonth: 60e9 }, catalog),
  ownedAnswer,
  costAnswer,
  dossier({ audience: 'cfo', money: { ...asked, tokensPerMonth: 60e9 }, size: null, hybrid: null }, catalog),
  fitAnswer,
  hybridAnswer,
  offload({ engine: 'llama.cpp', gpu: ['rtx-4090:1'], ramBytes: 512e9 }, catalog),
  reuseAnswer,
  sizeAnswer,
  speedAnswer,
  rankSpeed({ gpu: ['h200:8'], inputTokens: 8192, outputTokens: 1024, maxTpotMs: 50 }, catalog),
];
