import type { BreakEvenAnswer, PairCode, PairVerdict } from '../plan/breakEven/breakEvenAnswer.ts';
import { namesOf } from './breakEvenTables.ts';
import { formatShare } from './format.ts';
import { grouped } from './group.ts';
import { asSentence } from './sections.ts';

/** Subjects of one reason that are told with their own message. */
const FEW = 2;

type Refusal = 'no-measurement' | 'does-not-fit' | 'invalid' | 'memory-unknown' | 'no-offer';

/** What a pair comes to, as a clause; the message of the answer follows after a colon. */
const PAIRS: Readonly<Record<Exclude<PairCode, Refusal>, (own: string, api: string, likely: string) => string>> = {
  'break-even': (own, api) => `${own} breaks even with ${api}`,
  never: (own, api) => `${own} never breaks even with ${api}`,
  open: (own, api, likely) => `${own} against ${api} is open: ${likely} likely to break even`,
  always: (own, api) => `${own} is always cheaper than ${api}`,
  'no-traffic': (own, api) => `${own} cannot break even with ${api}`,
};

/** Reasons that lie in the GPU alone, whatever the API costs: of one GPU, before its message, and of many. */
const REFUSALS: Readonly<Record<Refusal, { readonly one: (own: string) => string; readonly many: (all: string) => string }>> = {
  'no-measurement': {
    one: (own) => `${own} cannot be judged`,
    many: (all) => `Nothing is measured on ${all}; --tokens-per-second states a speed`,
  },
  'does-not-fit': { one: (own) => `The model does not fit on ${own}`, many: (all) => `The model does not fit on ${all}` },
  invalid: { one: (own) => `The model cannot be served on ${own}`, many: (all) => `No layout is valid on ${all}` },
  'memory-unknown': { one: (own) => `${own} cannot be judged`, many: (all) => `How much memory an engine sees is not known of ${all}` },
  'no-offer': { one: (own) => `${own} cannot be priced`, many: (all) => `No price is known of ${all}` },
};

function isRefusal(code: PairCode): code is Refusal {
  return code in REFUSALS;
}

function pairText(code: Exclude<PairCode, Refusal>, { message, probability, remedy }: PairVerdict, own: string, api: string): string {
  const help = remedy === null ? '' : ` Likelier ${remedy.message}.`;
  const clause = PAIRS[code](own, api, formatShare(probability ?? 0));
  return `${asSentence(`${clause}${code === 'open' ? ';' : ':'} ${message}`)}${help}`;
}

/** A remark of the message on this GPU alone, such as measurements in another format. */
function remark({ message }: PairVerdict): string {
  const [, more] = message.split('; ');
  return more === undefined ? '' : ` (${more})`;
}

/** GPUs that one reason rules out: each with its message where they are few, else by name on one line. */
function refusalTexts(
  code: Refusal,
  verdicts: readonly PairVerdict[],
  { offers }: BreakEvenAnswer,
  nameOf: (id: string) => string,
): string[] {
  const each = [...grouped(verdicts, ({ offer }) => offer).values()].flatMap(([first]) => first ?? []);
  if (each.length <= FEW) return each.map((verdict) => asSentence(`${REFUSALS[code].one(nameOf(verdict.offer))}: ${verdict.message}`));
  const shortName = (id: string) => offers.find((fleet) => fleet.id === id)?.gpuName ?? id;
  const names = each.map((verdict) => `${shortName(verdict.offer)}${code === 'no-measurement' ? remark(verdict) : ''}`);
  return [asSentence(REFUSALS[code].many(`${names.slice(0, -1).join(', ')} and ${names.at(-1)}`))];
}

/**
 * The verdicts as sentences: pairs one by one, those of one message on one line, and below them what rules GPUs out, once for all
 * API prices.
 */
export function verdictTexts(answer: BreakEvenAnswer): string[] {
  const nameOf = namesOf(answer);
  const texts: string[] = [];
  const alike = grouped(answer.verdicts, ({ code, message, offer, remedy }) =>
    isRefusal(code) ? code : [code, message, offer, remedy?.message].join('\n'),
  );
  const groups = [...alike.values()].sort((a, b) => Number(isRefusal(a[0]?.code ?? 'never')) - Number(isRefusal(b[0]?.code ?? 'never')));
  for (const group of groups) {
    const [first] = group;
    if (first === undefined) continue;
    const { code, offer } = first;
    const tariffs = group.map(({ tariff }) => nameOf(tariff)).join(' and ');
    texts.push(...(isRefusal(code) ? refusalTexts(code, group, answer, nameOf) : [pairText(code, first, nameOf(offer), tariffs)]));
  }
  return texts;
}
