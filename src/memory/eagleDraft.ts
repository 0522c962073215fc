import type { Architecture } from '../model/architecture.ts';
import { isAttention } from '../model/mixer.ts';
import { type TensorGroup, tensorGroups } from '../model/tensors.ts';

/** Tokens that the output head of published Eagle 3 drafts knows: a short list of frequent ones. */
const DRAFT_VOCABULARY = 32_000;

/** A model of one dense layer with the attention and width of another. */
function oneLayerOf({ mixers, denseFfn, experts, ...rest }: Architecture): Architecture {
  const name = Object.keys(mixers).find((key) => mixers[key] && isAttention(mixers[key])) ?? '';
  const active = experts ? experts.expertFfnSize * (experts.expertsPerToken + experts.sharedExperts) : 0;
  return {
    ...rest,
    vocabularySize: DRAFT_VOCABULARY,
    mixers: Object.fromEntries(Object.entries(mixers).filter(([key]) => key === name)),
    layers: [{ repeat: 1, layers: [{ mixer: name, ffn: 'dense' }] }],
    denseFfn: denseFfn ?? { size: active },
    experts: null,
    vision: null,
    draft: null,
  };
}

/**
 * Tensors of an external Eagle 3 draft in bf16: one dense layer with the model's attention, fed with embedding and hidden state side by
 * side, a matrix that joins three hidden states, and a head over a short vocabulary. The embedding table is the model's own.
 *
 * @returns groups on the last stage; an assumption where the shapes of the draft are not published
 */
export function eagleGroups(architecture: Architecture): TensorGroup[] {
  const { hiddenSize: h } = architecture;
  const layer = tensorGroups(oneLayerOf(architecture), { encodings: {} })
    .filter(({ module }) => module !== 'embedding')
    .map(
      (group): TensorGroup => ({
        ...group,
        id: `eagle_${group.id}`,
        label: `Eagle 3 draft: ${group.label}`,
        placement: 'last',
        columns: group.module === 'attention' && group.columns === h ? 2 * h : group.columns,
      }),
    );
  const join = { module: 'draft', split: 'replicated', placement: 'last', tensors: 1, encoding: 'bf16' } as const;
  return [...layer, { id: 'eagle_join', label: 'Eagle 3 draft: join of three hidden states', ...join, rows: h, columns: 3 * h }];
}
