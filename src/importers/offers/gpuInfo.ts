/** No description of the GPUs of one instance is longer. */
const LONGEST = 4096;

/** What SkyPilot's GpuInfo says: a Python literal in most files, JSON in some, a bare name in others. */
export interface GpuInfo {
  readonly name: string;
  /** What the memory of one GPU may be, GB; empty where none is stated. */
  readonly memoryGB: readonly number[];
}

const NAME = /['"]Name['"]\s*:\s*['"]([^'"]{1,80})['"]/;
const SIZE = /['"]SizeInMiB['"]\s*:\s*(\d{1,9}(?:\.\d{1,6})?)/;

/** Below this a size in MiB is no memory of a GPU: some files write GB into the field. */
const LEAST_MIB = 1024;

/**
 * The name and the memory in a GpuInfo. Nothing of it is evaluated.
 *
 * In some files the size is that of one GPU, in others that of all; the total beside it does not tell, for it is wrong in some of both.
 *
 * @param gpus of the instance
 * @example gpuInfo("{'Gpus': [{'Name': 'A100 PCIe', 'MemoryInfo': {'SizeInMiB': 80}}]}", 1) // { name: 'A100 PCIe', memoryGB: [80] }
 */
export function gpuInfo(cell: string, gpus: number): GpuInfo {
  const text = cell.slice(0, LONGEST);
  const name = NAME.exec(text)?.[1] ?? '';
  const size = Number(SIZE.exec(text)?.[1] ?? 0);
  if (size === 0) return { name, memoryGB: [] };
  const sizeGB = size < LEAST_MIB ? size : size / LEAST_MIB;
  return { name, memoryGB: [...new Set([sizeGB, sizeGB / gpus])] };
}
