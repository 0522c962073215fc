import { Fault } from '../faults/fault.ts';
import type { Gpu } from '../hardware/gpu.ts';
import { detectMachine } from '../importers/machine/detect.ts';
import { localHost } from '../importers/machine/localHost.ts';
import type { Machine } from '../importers/machine/machine.ts';

/** Words that `--here` fills from the machine; those that the user gave stay. */
interface HereWords {
  readonly here?: boolean;
  readonly gpu?: string;
  readonly ram?: string;
  readonly disk?: string;
}

/** What `--here` found, as the words of the command line, and what to say beside the answer. */
export interface FilledWords<W> {
  readonly options: W;
  readonly notes: readonly string[];
}

function gpuWords({ gpus }: Machine): string {
  return gpus.map(({ gpu, count }) => `${gpu.id}:${count}`).join(',');
}

/**
 * Fills `--gpu`, and for hosts that serve from RAM too `--ram` and `--disk`, with what is installed on this machine.
 *
 * @param options the words of a command; without `--here` they come back unchanged
 * @param gpus the catalog's
 * @param offloads whether the engine serves from RAM too
 * @param detect looks at the machine; this one unless a test says otherwise
 * @throws Fault where nothing is found, or `--gpu` is given too
 */
export async function filledFromHere<W extends HereWords>(
  options: W,
  gpus: readonly Gpu[],
  offloads: boolean,
  detect: () => Promise<Machine> = async () => detectMachine(gpus, await localHost('.')),
): Promise<FilledWords<W>> {
  if (!options.here) return { options, notes: [] };
  if (options.gpu !== undefined)
    throw new Fault('contradiction', '--here looks for the GPUs itself', { where: '--gpu', value: options.gpu, allowed: 'one of the two' });
  const machine = await detect();
  const { ramBytes, freeDiskBytes, notes } = machine;
  const memory = {
    ...(options.ram === undefined ? { ram: `${Math.floor(ramBytes / 1e6)}MB` } : {}),
    ...(options.disk === undefined && freeDiskBytes !== null ? { disk: `${Math.floor(freeDiskBytes / 1e6)}MB` } : {}),
  };
  return { options: { ...options, gpu: gpuWords(machine), ...(offloads ? memory : {}) }, notes };
}
