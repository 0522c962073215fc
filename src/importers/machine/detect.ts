import { Fault } from '../../faults/fault.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import type { Run } from './command.ts';
import type { DeviceReading } from './deviceReading.ts';
import type { InstalledGpus, Machine, MachineAccess } from './machine.ts';
import { readingInWords, strangerNotes, toolNotes, typeNotes, useNotes, visibilityNotes } from './notes.ts';
import { linksInWords, parseTopology } from './nvidiaTopology.ts';
import { isGpu, recognise, type Unrecognised } from './recognise.ts';
import { askTools, type ToolReport } from './tools.ts';

const WHERE = '--here';
const INSTEAD = 'or name the GPUs: --gpu h200:8';

/** The GPUs that tools reported, or a fault that says why there are none. */
function readingsOf(reports: readonly ToolReport[]): readonly DeviceReading[] {
  const readings = reports.flatMap((report) => report.readings);
  if (readings.length > 0) return readings;
  const [first] = reports;
  if (first === undefined) {
    throw new Fault('missing', 'none of the tools that list GPUs is on this machine', {
      where: WHERE,
      allowed: `nvidia-smi, amd-smi or rocm-smi on the PATH, ${INSTEAD}`,
    });
  }
  throw new Fault('missing', `${first.tool} finds no GPU that answers`, {
    where: WHERE,
    value: reports.map(({ tool, failure }) => `${tool}: ${failure}`).join('; '),
    allowed: `a GPU with its driver loaded, ${INSTEAD}`,
  });
}

function refuseParts(readings: readonly DeviceReading[]): void {
  const part = readings.find(({ partition }) => partition !== null);
  if (part === undefined) return;
  throw new Fault('unsupported', `the GPU is cut into smaller ones (${part.partition} mode), whose memory no fact of the catalog states`, {
    where: WHERE,
    value: readingInWords(part),
    allowed: part.vendor === 'nvidia' ? `MIG mode off (nvidia-smi -mig 0), ${INSTEAD}` : `the whole-GPU mode SPX, ${INSTEAD}`,
  });
}

function stranger(reading: DeviceReading, { reason, nearest }: Unrecognised): Fault {
  const allowed = 'a GPU that `kplan data gpus` lists, with the memory that its driver reports';
  return new Fault('unknown', reason, { where: WHERE, value: readingInWords(reading), allowed, nearest });
}

function installed(gpu: Gpu, readings: readonly DeviceReading[]): InstalledGpus {
  const sizes = readings.flatMap(({ memoryMiB }) => memoryMiB ?? []);
  const free = readings.flatMap(({ memoryMiB, usedMiB }) => (memoryMiB === null || usedMiB === null ? [] : memoryMiB - usedMiB));
  const driverMiB = sizes.length > 0 ? Math.min(...sizes) : gpu.driverVisibleMiB?.value;
  if (driverMiB === undefined)
    throw stranger(readings[0] as DeviceReading, { reason: 'no memory is reported, and none is known', nearest: [] });
  return { gpu, count: readings.length, driverMiB, ...(free.length > 0 ? { freeMiB: Math.min(...free) } : {}) };
}

async function linkNotes(run: Run, readings: readonly DeviceReading[]): Promise<string[]> {
  if (readings.filter(({ vendor }) => vendor === 'nvidia').length < 2) return [];
  const words = linksInWords(parseTopology((await run('nvidia-smi', ['topo', '-m']))?.stdout ?? ''));
  return words === null ? [] : [words];
}

/**
 * What is installed on a machine, as the GPU vendors' own tools say.
 *
 * @param gpus the catalog's
 * @param host the machine: how to run a command, its RAM and free disk; `localHost` for this one
 * @returns GPU types with counts, in the order in which the tools list them, and what to say beside an answer
 * @throws Fault `missing` where no tool is there or none finds a GPU, `unsupported` for a GPU that is cut into parts, `unknown` where no
 *   GPU is one of the catalog's
 */
export async function detectMachine(gpus: readonly Gpu[], host: MachineAccess): Promise<Machine> {
  const reports = await askTools(host.run);
  const readings = readingsOf(reports);
  refuseParts(readings);
  const types = new Map<Gpu, DeviceReading[]>();
  const strangers: [DeviceReading, Unrecognised][] = [];
  for (const reading of readings) {
    const found = recognise(gpus, reading);
    if (isGpu(found)) types.set(found, [...(types.get(found) ?? []), reading]);
    else strangers.push([reading, found]);
  }
  const [first] = strangers;
  if (types.size === 0 && first !== undefined) throw stranger(...first);
  const listed = [...types].map(([gpu, some]) => [installed(gpu, some), some] as const);
  return {
    gpus: listed.map(([one]) => one),
    ramBytes: host.ramBytes,
    freeDiskBytes: host.freeDiskBytes,
    notes: [
      ...toolNotes(reports),
      ...typeNotes(listed),
      ...strangerNotes(strangers),
      ...useNotes(readings),
      ...(await linkNotes(host.run, readings)),
      ...visibilityNotes(host),
    ],
  };
}
