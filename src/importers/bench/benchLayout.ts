import { Fault } from '../../faults/fault.ts';
import { agreed } from './agreed.ts';
import type { BenchFlags } from './benchFlags.ts';
import type { BenchRun } from './benchRun.ts';

/** How a measured deployment was spread over its GPUs; of a disaggregated one, the ways are those of the side that decodes. */
export interface BenchLayout {
  /** All of them, those for prefill included. */
  readonly gpus: number;
  readonly prefillGpus: number;
  readonly tp: number;
  readonly pp: number;
  readonly ep: number;
  readonly attentionDp: number;
  readonly dcp: number;
}

/** A layout whose count of GPUs may still be wrong. */
export interface CountedLayout extends Omit<BenchLayout, 'tp'> {
  readonly tp: number | null;
  /** The count of the file, where an option has divided it by the EP ranks. */
  readonly replacedGpus: number | null;
}

function ways(run: BenchRun, flags: BenchFlags): Omit<CountedLayout, 'gpus' | 'prefillGpus' | 'replacedGpus'> {
  const { stated, where } = run;
  return {
    tp: agreed(flags.tp, stated.tp, { flag: '--tp', where }),
    pp: agreed(flags.pp, stated.pp, { flag: '--pp', where }) ?? 1,
    ep: agreed(flags.ep, stated.ep, { flag: '--ep', where }) ?? 1,
    attentionDp: agreed(flags.attentionDp, stated.attentionDp, { flag: '--attention-dp', where }) ?? 1,
    dcp: agreed(flags.dcp, stated.dcp, { flag: '--dcp', where }) ?? 1,
  };
}

/**
 * The layout as file and options say it.
 *
 * An option may replace a count of the file that is it times the EP ranks: whether that count is wrong is for Little's law to say.
 *
 * @throws Fault `missing` where nothing says how many GPUs there were, `contradiction` where file and option differ
 */
export function countedLayout(run: BenchRun, flags: BenchFlags): CountedLayout {
  const { stated, where, output } = run;
  if (stated.copies > 1)
    throw new Fault('unsupported', 'several copies of the model answered behind one endpoint', {
      where: `${where}: server_info.dp_size`,
      value: stated.copies,
      allowed: 'a run against one copy',
    });
  const spread = ways(run, flags);
  const mayDivide = output.per === 'decode GPU' && flags.gpus !== null && spread.ep > 1 && stated.gpus === flags.gpus * spread.ep;
  const gpus = mayDivide ? flags.gpus : agreed(flags.gpus, stated.gpus, { flag: '--gpus', where });
  const prefillGpus = agreed(flags.prefillGpus, stated.prefillGpus, { flag: '--prefill-gpus', where }) ?? 0;
  if (gpus === null)
    throw new Fault('missing', 'the file does not say on how many GPUs it ran', {
      where: `${where}: --gpus`,
      allowed: 'the GPUs of the whole deployment, those for prefill included',
    });
  if (prefillGpus >= gpus)
    throw new Fault('contradiction', 'no GPU is left to decode', {
      where: `${where}: --prefill-gpus`,
      value: prefillGpus,
      allowed: `fewer than the ${gpus} of the whole deployment`,
    });
  return { ...spread, gpus, prefillGpus, replacedGpus: mayDivide ? stated.gpus : null };
}

/**
 * Completes a layout and refuses one that does not fill its GPUs: `GPUs = TP * PP * attention DP`, a multiple of it on the side that
 * decodes where prefill is apart. TP that nothing states is what is left.
 *
 * @throws Fault `contradiction`
 * @example completeLayout({ gpus: 8, prefillGpus: 0, tp: null, pp: 1, ep: 1, attentionDp: 1, dcp: 1, replacedGpus: null }, 'x').tp // 8
 */
export function completeLayout({ replacedGpus: _, ...layout }: CountedLayout, where: string): BenchLayout {
  const { gpus, prefillGpus, pp, attentionDp } = layout;
  const decode = gpus - prefillGpus;
  const tp = layout.tp ?? Math.max(1, Math.floor(decode / (pp * attentionDp)));
  const ranks = tp * pp * attentionDp;
  const fills = prefillGpus > 0 ? decode % ranks === 0 : decode === ranks;
  if (fills) return { ...layout, tp };
  const parts = [`TP ${tp}`, `PP ${pp}`, `attention DP ${attentionDp}`].filter((part) => !part.endsWith(' 1')).join(' × ') || 'one rank';
  throw new Fault('contradiction', `${parts} does not fill ${decode} GPUs${prefillGpus > 0 ? ' that decode' : ''}`, {
    where: `${where}: --gpus`,
    value: gpus,
    allowed: `${ranks + prefillGpus} GPUs, or ways whose product is ${decode}`,
  });
}
