import { inert } from '../../faults/fault.ts';
import { formatCount } from '../../units/tokens.ts';
import type { DeviceReading } from './deviceReading.ts';
import type { InstalledGpus, MachineAccess } from './machine.ts';
import type { Unrecognised } from './recognise.ts';
import type { ToolReport } from './tools.ts';

/** Less in use is the driver's own and a desktop's idle share. */
const IDLE_MIB = 512;

const VISIBILITY = ['CUDA_VISIBLE_DEVICES', 'ROCR_VISIBLE_DEVICES', 'HIP_VISIBLE_DEVICES'] as const;

/** A GPU as its tool names it, for messages. */
export function readingInWords({ index, name, memoryMiB }: DeviceReading): string {
  return `GPU ${index}, ${inert(name)}, ${memoryMiB === null ? 'memory not reported' : `${formatCount(memoryMiB)} MiB`}`;
}

/** Which tool said so, with which driver. */
export function toolNotes(reports: readonly ToolReport[]): string[] {
  return reports.flatMap(({ tool, readings, failure }) => {
    if (failure !== null) return [`${tool} fails: ${failure}`];
    const drivers = [...new Set(readings.flatMap(({ driverVersion }) => driverVersion ?? []))];
    return [`read from ${tool}${drivers.length > 0 ? `, driver ${drivers.map(inert).join(', ')}` : ''}`];
  });
}

/** GPUs of which other processes hold memory: an answer is for the whole of it. */
export function useNotes(readings: readonly DeviceReading[]): string[] {
  const busy = readings.filter(({ usedMiB }) => usedMiB !== null && usedMiB > IDLE_MIB);
  if (busy.length === 0) return [];
  const each = busy.map(({ index, usedMiB }) => `${formatCount(usedMiB ?? 0)} MiB of GPU ${index}`);
  return [`other processes hold ${each.join(', ')}; the answer counts all memory as free`];
}

/** GPUs beside the recognised ones that the answer leaves out. */
export function strangerNotes(strangers: readonly (readonly [DeviceReading, Unrecognised])[]): string[] {
  return strangers.map(([reading, { reason }]) => `left out: ${readingInWords(reading)}: ${reason}`);
}

/** Where the driver and the catalog differ on a GPU type. */
function differenceNotes({ gpu, driverMiB }: InstalledGpus, readings: readonly DeviceReading[]): string[] {
  const known = gpu.driverVisibleMiB?.value;
  const capability = readings.find(({ computeCapability }) => computeCapability !== null)?.computeCapability ?? gpu.computeCapability;
  return [
    ...(known !== undefined && known !== driverMiB
      ? [`the driver reports ${formatCount(driverMiB)} MiB of ${gpu.name}, the catalog has ${formatCount(known)} MiB and is used`]
      : []),
    ...(capability !== gpu.computeCapability
      ? [`the driver reports compute capability ${capability} of ${gpu.name}, the catalog has ${gpu.computeCapability} and is used`]
      : []),
  ];
}

/** What is particular about the GPU types that were recognised. */
export function typeNotes(types: readonly (readonly [InstalledGpus, readonly DeviceReading[]])[]): string[] {
  const several =
    types.length > 1 ? [`${types.length} GPU types are installed: each is answered for by itself, for engines do not mix them`] : [];
  return [...several, ...types.flatMap(([installed, readings]) => differenceNotes(installed, readings))];
}

/** A restriction in the environment, which the vendors' tools ignore and engines obey. */
export function visibilityNotes({ env }: MachineAccess): string[] {
  return VISIBILITY.flatMap((name) => {
    const value = env[name];
    return value === undefined
      ? []
      : [`${name}=${inert(value)} is set: an engine started here sees those GPUs only, the answer is for all that are installed`];
  });
}
