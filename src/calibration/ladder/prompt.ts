import { Random } from '../../serving/simulation/random.ts';

/** Common short words, each one token with the space before it in the vocabularies of current models. */
const WORDS =
  'the of and to in is was for on that by this with from at it are be an not have which one all also but they we had were has been can will more when who other about into some could time than them these two may then do first any my now such like our over man me even most made after did many before must through back years where much your way well down should because each just those people how too little state good very make world still own see men work long get here between both life being under never day same another know while last might us great old year off come since against go came right used take three'.split(
    ' ',
  );

/** Separates the streams of shared and fresh words of one run. */
const SHARED_STREAM = 0x5eed;
const NONCE_TOKENS = 6;

/** Which prompt of a run. */
export interface PromptAsk {
  /** Of the run; another run must take another one, or the endpoint still holds its prompts. */
  readonly seed: number;
  /** Of the request within the run. */
  readonly number: number;
  readonly tokens: number;
  /** With which every prompt of this seed begins. */
  readonly sharedTokens: number;
}

function words(random: Random, count: number): string[] {
  return Array.from({ length: Math.max(0, count) }, () => WORDS[Math.floor(random.uniform() * WORDS.length)] ?? 'the');
}

/**
 * A prompt of about so many tokens in any vocabulary: common words, one token each. What is not shared begins with words that no other
 * request of the run has, so that nothing of it is found in the KV cache.
 *
 * @param ask same ask, same prompt
 * @example promptOf({ seed: 1, number: 1, tokens: 40, sharedTokens: 0 }).split(' ').length // 40
 */
export function promptOf({ seed, number, tokens, sharedTokens }: PromptAsk): string {
  const shared = Math.min(sharedTokens, tokens);
  const own = new Random((Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) | 0);
  const fresh = tokens - shared;
  const nonce = Math.min(NONCE_TOKENS, fresh);
  const distinct = numbered(number, nonce);
  return [...words(new Random(seed ^ SHARED_STREAM), shared), ...distinct, ...words(own, fresh - distinct.length)].join(' ');
}

/** The number of a request written in words, no two alike. */
function numbered(number: number, count: number): string[] {
  const digits: string[] = [];
  for (let rest = number, at = 0; at < count; at++, rest = Math.floor(rest / WORDS.length))
    digits.push(WORDS[rest % WORDS.length] ?? 'the');
  return digits;
}
