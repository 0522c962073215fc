import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { Fault } from '../../../src/faults/fault.ts';
import { GpuIndex, nameKey } from '../../../src/importers/offers/gpuIndex.ts';

const { gpus } = loadCatalog();
const index = new GpuIndex(gpus);

interface Row {
  readonly memoryGB?: readonly number[];
  readonly beside?: readonly string[];
  readonly sold?: readonly string[];
  readonly asked?: readonly (readonly [string, string])[];
}

function find(name: string, { memoryGB = [], beside = [], sold = [], asked = [] }: Row = {}) {
  const meant = asked.flatMap(([said, id]) => gpus.filter((gpu) => gpu.id === id).map((gpu) => [nameKey(said), gpu] as const));
  return index.find({ name, where: 'vms.csv:2: AcceleratorName', beside, memoryGB }, { sold: new Set(sold), asked: new Map(meant) });
}

function fault(name: string, row: Row = {}): Fault {
  try {
    find(name, row);
  } catch (error) {
    if (error instanceof Fault) return error;
  }
  throw new Error(`${name} was not refused`);
}

describe('names of GPUs', () => {
  it.each([
    ['H100-SXM', 'h100-sxm'],
    ['H100-80G-SXM5', 'h100-sxm'],
    ['NVIDIA H100 80GB HBM3', 'h100-sxm'],
    ['H100-80G-PCIe-NVLink', 'h100-pcie'],
    ['NVIDIA H100 PCIe', 'h100-pcie'],
    ['H100NVL', 'h100-nvl'],
    ['NVIDIA H100 NVL', 'h100-nvl'],
    ['H200 NVL', 'h200-nvl'],
    ['NVIDIA A100-SXM4-80GB', 'a100-80-sxm'],
    ['A100-40GB-SXM', 'a100-40-sxm'],
    ['MI300X', 'mi300x'],
    ['AMD Instinct MI300X OAM', 'mi300x'],
    ['GH200 480GB', 'gh200-96'],
    ['GB200', 'gb200-nvl72'],
    ['L40S', 'l40s'],
    ['RTX PRO 6000 96GB', 'rtx-pro-6000-server'],
    ['RTX-PRO-6000', 'rtx-pro-6000-server'],
  ])('%s is %s', (name, id) => {
    expect(find(name)).toMatchObject({ gpu: { id }, note: '' });
  });

  it.each([
    ['H200', [141], 'h200-sxm'],
    ['B200', [179.06], 'b200-sxm'],
    ['B300', [262], 'b300-sxm'],
    ['H100', [93.58], 'h100-nvl'],
  ])('%s of %j GB is taken for %s and noted: only one board of the catalog fits', (name, memoryGB, id) => {
    expect(find(name, { memoryGB })).toMatchObject({
      gpu: { id },
      note: `${name} is taken for ${id}, the only board of the catalog that fits`,
    });
  });

  it('take memory and form from the rest of the row', () => {
    expect(find('A100', { memoryGB: [40], beside: ['gpu_1x_a100_sxm4'] }).gpu.id).toBe('a100-40-sxm');
    expect(find('A100', { memoryGB: [320, 40], beside: ['8x A100-SXM4'] }).gpu.id).toBe('a100-40-sxm');
    expect(find('RTX4090', { memoryGB: [24] }).gpu.id).toBe('rtx-4090');
    expect(find('RTX4090', { memoryGB: [48] }).gpu.id).toBe('rtx-4090-48');
  });

  it('are refused where several fit, with all that do', () => {
    expect(fault('A100')).toMatchObject({
      code: 'invalid',
      details: { value: 'A100', nearest: ['a100-40-pcie', 'a100-40-sxm', 'a100-80-pcie', 'a100-80-sxm'] },
    });
    expect(fault('A100', { memoryGB: [80], beside: ['ECS1GPU3'] }).details.nearest).toEqual(['a100-80-pcie', 'a100-80-sxm']);
    expect(fault('A100-80GB').details.nearest).toEqual(['a100-80-pcie', 'a100-80-sxm']);
    expect(fault('H100-80GB').details.nearest).toEqual(['h100-pcie', 'h100-sxm']);
    expect(fault('RTX4090', { memoryGB: [48, 24] }).details.nearest).toEqual(['rtx-4090-48', 'rtx-4090']);
  });

  it('are settled by what the provider is known to sell, else by the user', () => {
    expect(find('H100', { memoryGB: [80], sold: ['h100-sxm'] })).toMatchObject({
      gpu: { id: 'h100-sxm' },
      note: expect.stringContaining('as known'),
    });
    expect(find('H100', { asked: [['H100', 'h100-pcie']] })).toMatchObject({
      gpu: { id: 'h100-pcie' },
      note: 'H100 is h100-pcie, as --gpu says',
    });
    expect(find('H100-SXM', { asked: [['H100-SXM', 'h100-pcie']] }).gpu.id).toBe('h100-sxm');
    expect(find('RTXPRO6000S', { asked: [['RTXPRO6000S', 'rtx-pro-6000-server']] }).gpu.id).toBe('rtx-pro-6000-server');
    expect(fault('A100', { memoryGB: [40], asked: [['A100', 'h100-sxm']] }).code).toBe('invalid');
  });

  it.each(['V100', 'RTX6000-Ada', 'RTXPRO6000S', 'H100-MEGA-80GB', 'tpu-v6e-8', 'A10G', 'h10O', '', 'constructor', 'x'.repeat(10_000)])(
    'of no GPU of the catalog are refused: %s',
    (name) => {
      expect(fault(name)).toMatchObject({ code: 'unknown', details: { where: 'vms.csv:2: AcceleratorName' } });
    },
  );

  it('are refused where memory or form are those of no board, and told which there are', () => {
    expect(fault('H200', { memoryGB: [80] })).toMatchObject({
      code: 'contradiction',
      details: { value: '80 GB', allowed: 'h200-nvl, h200-sxm' },
    });
    expect(fault('H100-SXM-PCIe')).toMatchObject({ code: 'contradiction', details: { value: 'sxm pcie' } });
    expect(fault('H100', { memoryGB: [80], beside: ['h100-sxm5', 'PCIe'] }).code).toBe('contradiction');
  });

  it('suggest the nearest', () => {
    expect(fault('h10O').details.nearest).toContain('h100');
  });
});
