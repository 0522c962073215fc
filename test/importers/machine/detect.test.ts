import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { Fault } from '../../../src/faults/fault.ts';
import { detectMachine } from '../../../src/importers/machine/detect.ts';
import { localHost } from '../../../src/importers/machine/localHost.ts';
import type { Machine, MachineAccess } from '../../../src/importers/machine/machine.ts';
import { AMD, machineWith, NVIDIA, ok, ROCM, topology } from './recordings.ts';

const { gpus } = loadCatalog();

const found = ({ gpus: types }: Machine) => types.map(({ gpu, count, driverMiB }) => [gpu.id, count, driverMiB]);
const detect = (host: MachineAccess) => detectMachine(gpus, host);

async function refusal(host: MachineAccess): Promise<Fault> {
  try {
    await detect(host);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('what is installed, from the tools of NVIDIA', () => {
  it.each([
    [NVIDIA.h100x8, 'h100-sxm', 8, 81_559],
    [NVIDIA.a100x4, 'a100-40-sxm', 4, 40_960],
    [NVIDIA.l40sx2, 'l40s', 2, 46_068],
    [NVIDIA.h200, 'h200-sxm', 1, 143_771],
    [NVIDIA.h200nvl, 'h200-nvl', 1, 143_771],
    [NVIDIA.b200, 'b200-sxm', 1, 183_359],
    [NVIDIA.b300, 'b300-sxm', 1, 275_040],
    [NVIDIA.gh200, 'gh200-96', 1, 97_871],
    [NVIDIA.rtx4090, 'rtx-4090', 1, 24_564],
    [NVIDIA.rtx4090rework, 'rtx-4090-48', 1, 49_140],
    [NVIDIA.rtxPro6000, 'rtx-pro-6000-server', 1, 97_887],
  ])('%s', async (rows, id, count, mib) => {
    expect(found(await detect(machineWith({ 'nvidia-smi --query': ok(rows) })))).toEqual([[id, count, mib]]);
  });

  it('tells RAM, disk, driver and links', async () => {
    const machine = await detect(machineWith({ 'nvidia-smi --query': ok(NVIDIA.h100x8), 'nvidia-smi topo': ok(topology('NV18', 8)) }));
    expect(machine).toMatchObject({ ramBytes: 1_081_000_000_000, freeDiskBytes: 3_400_000_000_000 });
    expect(machine.gpus[0]?.freeMiB).toBe(81_555);
    expect(machine.notes).toEqual(['read from nvidia-smi, driver 550.90.07', 'the GPUs are linked by NVLink: NV18 between 28 pairs']);
  });

  it('warns of memory that other processes hold, and of visibility', async () => {
    const machine = await detect(machineWith({ 'nvidia-smi --query': ok(NVIDIA.l40sx2) }, { CUDA_VISIBLE_DEVICES: '1' }));
    expect(machine.gpus[0]?.freeMiB).toBe(25_588);
    expect(machine.notes.join('\n')).toMatch(/other processes hold 20,480 MiB of GPU 1; .*\nCUDA_VISIBLE_DEVICES=1 is set/);
  });

  it('asks again without the field that an old driver lacks', async () => {
    const old = { code: 2, stdout: 'Field "compute_cap" is not a valid field to query.\n', stderr: '' };
    const rows = NVIDIA.a100x4.replaceAll('8.0, ', '');
    const host = machineWith({ 'nvidia-smi --query-gpu=index,memory.total,memory.used,compute_cap': old, 'nvidia-smi --query': ok(rows) });
    expect(found(await detect(host))).toEqual([['a100-40-sxm', 4, 40_960]]);
  });

  it('answers for each of several types, and says so', async () => {
    const machine = await detect(machineWith({ 'nvidia-smi --query': ok(NVIDIA.mixed) }));
    expect(found(machine)).toEqual([
      ['rtx-4090', 1, 24_564],
      ['rtx-5090', 1, 32_607],
    ]);
    expect(machine.notes.join('\n')).toContain('2 GPU types are installed: each is answered for by itself');
  });

  it('leaves a display card out, and says so', async () => {
    const machine = await detect(machineWith({ 'nvidia-smi --query': ok(NVIDIA.withDisplay) }));
    expect(found(machine)).toEqual([['h100-sxm', 1, 81_559]]);
    expect(machine.notes).toContain('left out: GPU 1, NVIDIA T400 4GB, 4,096 MiB: the catalog has no GPU of this name');
  });
});

describe('what is installed, from the tools of AMD', () => {
  it.each([
    ['ROCm 6', AMD.rocm6, 'mi300x', 2, 196_592],
    ['ROCm 7', AMD.rocm7, 'mi355x', 8, 294_896],
    ['a virtual function, whose host keeps 304 MiB', AMD.virtual, 'mi300x', 1, 196_288],
  ])('amd-smi of %s', async (_, rows, id, count, mib) => {
    expect(found(await detect(machineWith({ 'amd-smi static': ok(rows), 'amd-smi metric': ok('') })))).toEqual([[id, count, mib]]);
  });

  it('takes a document from a tool that exits with an error', async () => {
    const host = machineWith({ 'amd-smi static': { code: 1, stdout: AMD.rocm7, stderr: 'warning' }, 'amd-smi metric': ok(AMD.memory) });
    const { gpus: types, notes } = await detect(host);
    expect(types[0]?.freeMiB).toBe(294_896 - 120_000);
    expect(notes.join('\n')).toContain('other processes hold 120,000 MiB of GPU 3');
  });

  it.each([
    ['where amd-smi is absent', {}],
    ['where amd-smi fails', { 'amd-smi static': { code: 255, stdout: '', stderr: AMD.noDriver } }],
  ])('rocm-smi %s', async (_, more) => {
    expect(found(await detect(machineWith({ ...more, 'rocm-smi': ok(ROCM.now) })))).toEqual([['mi300x', 1, 196_592]]);
  });

  it('is not asked for what amd-smi has told', async () => {
    const host = machineWith({ 'amd-smi static': ok(AMD.rocm6) });
    await detect(host);
    expect(host.asked.some((words) => words.startsWith('rocm-smi'))).toBe(false);
  });
});

describe('refusals', () => {
  it('names the tools that it looked for', async () => {
    const fault = await refusal(machineWith({}));
    expect(fault.code).toBe('missing');
    expect(fault.message).toBe(
      'missing --here: none of the tools that list GPUs is on this machine; allowed: nvidia-smi, amd-smi or rocm-smi on the PATH, or name the GPUs: --gpu h200:8',
    );
  });

  it.each([
    ['a driver that is not loaded', 9, "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."],
    ['two versions of the driver', 18, 'Failed to initialize NVML: Driver/library version mismatch'],
    ['no GPU', 6, 'No devices were found'],
  ])('%s', async (_, code, stdout) => {
    const fault = await refusal(machineWith({ 'nvidia-smi --query': { code, stdout, stderr: '' } }));
    expect(fault.code).toBe('missing');
    expect(fault.details.value).toBe(
      `nvidia-smi: ${stdout.slice(0, 77)}${stdout.length > 80 ? '...' : stdout.slice(77)} (exit code ${code})`,
    );
  });

  it('a tool that hangs', async () => {
    const fault = await refusal(machineWith({ 'nvidia-smi --query': { code: null, stdout: '', stderr: '' } }));
    expect(fault.message).toContain('it was stopped before it answered');
  });

  it('only a note where the other vendor has GPUs', async () => {
    const broken = { code: 9, stdout: 'NVIDIA-SMI has failed', stderr: '' };
    const { notes } = await detect(machineWith({ 'nvidia-smi --query': broken, 'amd-smi static': ok(AMD.rocm6) }));
    expect(notes[0]).toBe('nvidia-smi fails: NVIDIA-SMI has failed (exit code 9)');
  });

  it('MIG and AMD partitions', async () => {
    const mig = await refusal(machineWith({ 'nvidia-smi --query': ok(NVIDIA.a100mig) }));
    expect([mig.code, mig.details.value]).toEqual(['unsupported', 'GPU 1, NVIDIA A100-SXM4-80GB, 81,920 MiB']);
    expect(mig.message).toContain('cut into smaller ones (MIG mode)');
    const cpx = await refusal(machineWith({ 'amd-smi static': ok(AMD.cut) }));
    expect(cpx.message).toMatch(/CPX mode.*whole-GPU mode SPX/);
  });

  it('an unknown GPU, with the nearest by name and by memory', async () => {
    const fault = await refusal(machineWith({ 'nvidia-smi --query': ok(NVIDIA.spark) }));
    expect([fault.code, fault.details.value]).toEqual(['unknown', 'GPU 0, NVIDIA GB10, memory not reported']);
    const max = '0, 97887, 0, 12.0, 580.65.06, Disabled, NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition';
    expect((await refusal(machineWith({ 'nvidia-smi --query': ok(max) }))).details.nearest).toContain('rtx-pro-6000-server');
  });

  it('a GPU of a known name with another memory', async () => {
    const fault = await refusal(machineWith({ 'nvidia-smi --query': ok(NVIDIA.rtx4090rework.replace('49140', '32768')) }));
    expect(fault.message).toContain('it is called like rtx-4090, whose driver reports 24564 MiB');
    expect(fault.details.nearest).toContain('rtx-5090');
  });

  it('says what a hostile name holds without its control characters', async () => {
    const row = '0, 1000, 0, 9.0, 1, Disabled, \u001b[2J\u0007evil';
    expect((await refusal(machineWith({ 'nvidia-smi --query': ok(row) }))).message).toContain('?[2J?evil');
  });

  it('never anything but a fault, whatever the tools print', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.json(), fc.constantFrom(0, 1, null), async (text, json, code) => {
        for (const stdout of [text, json, `[${json}]`, `{"gpu_data":[{"gpu":0,"asic":${json}}]}`, `{"card0":${json}}`]) {
          const answer = { code, stdout, stderr: '' };
          await refusal(machineWith({ 'nvidia-smi': answer, 'amd-smi': answer, 'rocm-smi': answer }));
        }
      }),
    );
  });
});

describe('this machine', () => {
  it('has RAM and disk, and runs commands without a shell', async () => {
    const { run, ramBytes, freeDiskBytes } = await localHost('.');
    expect(ramBytes).toBeGreaterThan(2 ** 28);
    expect(freeDiskBytes).toBeGreaterThan(0);
    expect(await run(process.execPath, ['-p', '"$HOME;" + 1'])).toEqual({ code: 0, stdout: '$HOME;1\n', stderr: '' });
    expect(await run(process.execPath, ['-e', 'process.exit(3)'])).toMatchObject({ code: 3 });
    expect(await run('no-such-tool-of-any-vendor', [])).toBeNull();
    expect((await localHost('/no/such/folder')).freeDiskBytes).toBeNull();
  });
});
