import type { CommandOutput, Run } from '../../../src/importers/machine/command.ts';
import type { MachineAccess } from '../../../src/importers/machine/machine.ts';

/** Rows of `nvidia-smi` in the order of kplan's query, in the formats that public logs of these GPUs show. */
export const NVIDIA = {
  h100x8: Array.from({ length: 8 }, (_, gpu) => `${gpu}, 81559, 4, 9.0, 550.90.07, Disabled, NVIDIA H100 80GB HBM3`).join('\n'),
  a100x4: Array.from({ length: 4 }, (_, gpu) => `${gpu}, 40960, 0, 8.0, 535.183.01, Disabled, NVIDIA A100-SXM4-40GB`).join('\n'),
  a100mig: '0, 81920, 87, 8.0, 535.183.01, Disabled, NVIDIA A100-SXM4-80GB\n1, 81920, 87, 8.0, 535.183.01, Enabled, NVIDIA A100-SXM4-80GB',
  l40sx2: '0, 46068, 0, 8.9, 535.183.06, [N/A], NVIDIA L40S\n1, 46068, 20480, 8.9, 535.183.06, [N/A], NVIDIA L40S',
  h200: '0, 143771, 1, 9.0, 580.95.05, Disabled, NVIDIA H200',
  h200nvl: '0, 143771, 1, 9.0, 580.65.06, Disabled, NVIDIA H200 NVL',
  b200: '0, 183359, 0, 10.0, 580.95.05, Disabled, NVIDIA B200',
  b300: '0, 275040, 0, 10.3, 610.57.04, Disabled, NVIDIA B300 SXM6 AC',
  gh200: '0, 97871, 0, 9.0, 560.35.03, Disabled, NVIDIA GH200 480GB',
  rtx4090: '0, 24564, 312, 8.9, 565.77, [N/A], NVIDIA GeForce RTX 4090',
  rtx4090rework: '0, 49140, 1, 8.9, 565.77, [N/A], NVIDIA GeForce RTX 4090',
  rtxPro6000: '0, 97887, 0, 12.0, 580.65.06, Disabled, NVIDIA RTX PRO 6000 Blackwell Server Edition',
  spark: '0, [N/A], [N/A], 12.1, 580.95.05, [N/A], NVIDIA GB10',
  mixed: '0, 24564, 0, 8.9, 565.77, [N/A], NVIDIA GeForce RTX 4090\n1, 32607, 0, 12.0, 575.64, [N/A], NVIDIA GeForce RTX 5090',
  withDisplay: '0, 81559, 0, 9.0, 550.90.07, Disabled, NVIDIA H100 80GB HBM3\n1, 4096, 60, 7.5, 550.90.07, [N/A], NVIDIA T400 4GB',
  lost: '0, 81559, 4, 9.0, 550.90.07, Disabled, NVIDIA H100 80GB HBM3\n[GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost]',
} as const;

const pairs = (link: string, gpus: number) =>
  Array.from(
    { length: gpus },
    (_, row) =>
      `GPU${row}\t${Array.from({ length: gpus }, (_, column) => (row === column ? ' X ' : link)).join('\t')}\tSYS\t0-47\t0\t\tN/A`,
  );

/** `nvidia-smi topo -m` of GPUs that are all linked alike, with one network card. */
export function topology(link: string, gpus: number): string {
  const names = Array.from({ length: gpus }, (_, gpu) => `GPU${gpu}`);
  const header = `\t\u001b[4m${names.join('\t')}\tNIC0\tCPU Affinity\tNUMA Affinity\tGPU NUMA ID\u001b[0m`;
  return [
    header,
    ...pairs(link, gpus),
    `NIC0\t${'SYS\t'.repeat(gpus)} X `,
    '',
    'Legend:',
    '',
    '  X    = Self',
    '  NV#  = bonded NVLinks',
  ].join('\n');
}

const amdGpu = (gpu: number, name: string, mib: number, mode: string) => ({
  gpu,
  asic: { market_name: name, vendor_id: '0x1002', device_id: '0x74a1', target_graphics_version: 'gfx942' },
  bus: { bdf: `0000:${gpu}5:00.0` },
  driver: { name: 'amdgpu', version: '6.10.5' },
  vram: { type: 'HBM3', size: { value: mib, unit: 'MB' } },
  partition: { compute_partition: mode, memory_partition: 'NPS1' },
});

export const AMD = {
  /** ROCm 6: a list; a warning stands before it. */
  rocm6: `WARNING: User is missing the following required groups: render\n${JSON.stringify(
    [0, 1].map((gpu) => amdGpu(gpu, 'AMD Instinct MI300X', 196_592, 'SPX')),
    null,
    4,
  )}`,
  /** ROCm 7: under `gpu_data`, and `accelerator_partition`. */
  rocm7: JSON.stringify({
    gpu_data: Array.from({ length: 8 }, (_, gpu) => ({
      ...amdGpu(gpu, 'AMD Instinct MI355X', 294_896, 'SPX'),
      partition: { accelerator_partition: 'SPX', memory_partition: 'NPS1', partition_id: 0 },
    })),
  }),
  virtual: JSON.stringify({ gpu_data: [amdGpu(0, 'AMD Instinct MI300X VF', 196_288, 'N/A')] }),
  cut: JSON.stringify([amdGpu(0, 'AMD Instinct MI300X', 24_574, 'CPX')]),
  memory: JSON.stringify({
    gpu_data: Array.from({ length: 8 }, (_, gpu) => ({
      gpu,
      mem_usage: { total_vram: { value: 294_896, unit: 'MB' }, used_vram: { value: gpu === 3 ? 120_000 : 283, unit: 'MB' } },
    })),
  }),
  noDriver: 'ERROR:root:Unable to detect any GPU devices, check amdgpu version and module status (sudo modprobe amdgpu)',
} as const;

export const ROCM = {
  /** ROCm 6 and 7. */
  now: JSON.stringify({
    card0: {
      'VRAM Total Memory (B)': '206141652992',
      'VRAM Total Used Memory (B)': '297574400',
      'Card Series': 'AMD Instinct MI300X OAM',
      'Card Model': '0x74a1',
      'GFX Version': 'gfx942',
      'Compute Partition': 'SPX',
    },
    system: { 'Driver version': '6.8.5' },
  }),
  /** ROCm 5: another spelling. */
  before: JSON.stringify({ card0: { 'Card series': 'AMD Instinct MI300X', 'VRAM Total Memory (B)': '206141652992' } }),
} as const;

/** An answer of a command that ended well. */
export const ok = (stdout: string): CommandOutput => ({ code: 0, stdout, stderr: '' });

/** A machine on which these commands answer, by their words' beginning; every other is absent. */
export function machineWith(
  answers: Readonly<Record<string, CommandOutput>>,
  env: MachineAccess['env'] = {},
): MachineAccess & { readonly asked: string[] } {
  const asked: string[] = [];
  const run: Run = async (command, args) => {
    const words = [command, ...args].join(' ');
    asked.push(words);
    const key = Object.keys(answers).find((prefix) => words.startsWith(prefix));
    return key === undefined ? null : (answers[key] ?? null);
  };
  return { run, ramBytes: 1_081_000_000_000, freeDiskBytes: 3_400_000_000_000, env, asked };
}
