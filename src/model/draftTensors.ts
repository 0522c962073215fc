import type { Architecture } from './architecture.ts';
import { matrix, norms, type Part } from './part.ts';

/** What a draft layer has beside a decoder layer: it joins the hidden state with the embedding of the next token, and may hold a vocabulary of its own. */
export function draftJoinParts({ draft, hiddenSize, vocabularySize }: Architecture): Part[] {
  return [
    matrix('join', 'join of hidden state and embedding', draft?.joinModule ?? 'draft', 'replicated', [hiddenSize, 2 * hiddenSize]),
    norms('joinNorms', 'norms around the join and at the end', 3 * hiddenSize),
    ...(draft?.ownVocabulary
      ? [
          matrix('embedding', 'token embedding', 'embedding', 'embedding', [vocabularySize, hiddenSize]),
          matrix('head', 'output head', 'head', 'head', [vocabularySize, hiddenSize]),
        ]
      : []),
  ];
}
