import { describe, expect, it } from 'vitest';
import * as amdSmi from '../../../src/importers/machine/amdSmi.ts';
import { readNumber, readWord } from '../../../src/importers/machine/deviceReading.ts';
import * as nvidiaSmi from '../../../src/importers/machine/nvidiaSmi.ts';
import * as nvidiaTopology from '../../../src/importers/machine/nvidiaTopology.ts';
import * as recognise from '../../../src/importers/machine/recognise.ts';
import * as rocmSmi from '../../../src/importers/machine/rocmSmi.ts';
import { checkExample, docExamples } from '../../support/docExamples.ts';
import { AMD, NVIDIA, ROCM, topology } from './recordings.ts';

const { NVIDIA_FIELDS, nvidiaQuery, parseNvidiaSmi, unknownField } = nvidiaSmi;
const { linksInWords, parseTopology } = nvidiaTopology;

describe('examples of src/importers/machine', () => {
  const scope = { ...amdSmi, ...nvidiaSmi, ...nvidiaTopology, ...recognise, ...rocmSmi };
  it.each(docExamples('importers/machine'))('$file: $expression', (example) => {
    checkExample(example, scope);
  });
});

describe('values as the tools print them', () => {
  it.each(['[N/A]', '[Not Supported]', '[Unknown Error]', 'ERR!', '', null, '-3', '1e9', '0x10'])('%s is no number', (text) => {
    expect(readNumber(text)).toBeNull();
  });

  it('keeps numbers and words', () => {
    expect([readNumber('81559'), readNumber(196592), readNumber(' 8.9 ')]).toEqual([81559, 196592, 8.9]);
    expect([readWord(' SPX '), readWord('N/A'), readWord('[GPU is lost]')]).toEqual(['SPX', null, null]);
  });
});

describe('nvidia-smi', () => {
  it('asks for bare CSV', () => {
    expect(nvidiaQuery(['memory.total', 'name'])).toEqual(['--query-gpu=memory.total,name', '--format=csv,noheader,nounits']);
  });

  it('reads a node of eight', () => {
    const readings = parseNvidiaSmi(NVIDIA.h100x8, NVIDIA_FIELDS);
    expect(readings).toHaveLength(8);
    expect(readings[7]).toEqual({
      vendor: 'nvidia',
      index: 7,
      name: 'NVIDIA H100 80GB HBM3',
      memoryMiB: 81559,
      usedMiB: 4,
      computeCapability: 9,
      driverVersion: '550.90.07',
      partition: null,
    });
  });

  it('says what a card does not report', () => {
    expect(parseNvidiaSmi(NVIDIA.spark, NVIDIA_FIELDS)[0]).toMatchObject({ memoryMiB: null, usedMiB: null, partition: null });
    expect(parseNvidiaSmi(NVIDIA.a100mig, NVIDIA_FIELDS).map(({ partition }) => partition)).toEqual([null, 'MIG']);
  });

  it('keeps commas of a name and reads Windows line ends', () => {
    expect(parseNvidiaSmi('0, 24564, Some, Card\r\n', ['index', 'memory.total', 'name'])[0]).toMatchObject({
      name: 'Some, Card',
      memoryMiB: 24564,
    });
  });

  it('refuses a GPU that is lost', () => {
    expect(() => parseNvidiaSmi(NVIDIA.lost, NVIDIA_FIELDS)).toThrow(/invalid --here: .*does not answer.*GPU is lost/);
  });

  it('knows the field that an old driver lacks', () => {
    expect(unknownField('Field "compute_cap" is not a valid field to query.\n')).toBe('compute_cap');
    expect(unknownField('Field "fan.speed" is not a valid field to query.')).toBeNull();
  });
});

describe('nvidia-smi topo -m', () => {
  it('counts the links of every pair', () => {
    expect(parseTopology(topology('NV18', 8))).toEqual(new Map([['NV18', 28]]));
    expect(linksInWords(parseTopology(topology('NV18', 8)))).toBe('the GPUs are linked by NVLink: NV18 between 28 pairs');
    expect(linksInWords(parseTopology(topology('SYS', 2)))).toBe('the GPUs have no NVLink: SYS between 1 pair, all over PCIe');
  });

  it('tells bridged pairs from the rest', () => {
    const text =
      '\tGPU0\tGPU1\tGPU2\tGPU3\nGPU0\t X \tNV4\tSYS\tSYS\nGPU1\tNV4\t X \tSYS\tSYS\nGPU2\tSYS\tSYS\t X \tNV4\nGPU3\tSYS\tSYS\tNV4\t X ';
    expect(linksInWords(parseTopology(text))).toBe('only some of the GPUs are linked by NVLink: NV4 between 2 pairs, SYS between 4 pairs');
  });

  it.each(['', 'not a matrix', '\tGPU0\tCPU Affinity\nGPU0\t X \t0-15'])('finds no pair in %j', (text) => {
    expect(linksInWords(parseTopology(text))).toBeNull();
  });
});

describe('amd-smi', () => {
  it('reads ROCm 6, past a warning', () => {
    expect(amdSmi.parseAmdSmi(AMD.rocm6, null)).toMatchObject([
      { vendor: 'amd', index: 0, name: 'AMD Instinct MI300X', memoryMiB: 196_592, usedMiB: null, driverVersion: '6.10.5', partition: null },
      { index: 1 },
    ]);
  });

  it('reads ROCm 7 with what is in use', () => {
    const readings = amdSmi.parseAmdSmi(AMD.rocm7, AMD.memory);
    expect(readings.map(({ usedMiB }) => usedMiB)).toEqual([283, 283, 283, 120_000, 283, 283, 283, 283]);
    expect(readings[0]).toMatchObject({ name: 'AMD Instinct MI355X', memoryMiB: 294_896, partition: null });
  });

  it('reads amounts with their unit in one text, and in bytes', () => {
    const gpu = (size: unknown) => JSON.stringify([{ GPU: 0, ASIC: { MARKET_NAME: 'AMD Instinct MI300X' }, VRAM: { SIZE: size } }]);
    expect(amdSmi.parseAmdSmi(gpu('196592 MB'), null)[0]?.memoryMiB).toBe(196_592);
    expect(amdSmi.parseAmdSmi(gpu({ value: 206_141_652_992, unit: 'B' }), null)[0]?.memoryMiB).toBe(196_592);
    expect(amdSmi.parseAmdSmi(gpu('N/A'), null)[0]?.memoryMiB).toBeNull();
  });

  it('says how a GPU is cut', () => {
    expect(amdSmi.parseAmdSmi(AMD.cut, null)[0]?.partition).toBe('CPX');
  });

  it.each([
    ['no JSON', 'Segmentation fault', /invalid --here: amd-smi prints no JSON/],
    ['half a document', '[{"gpu": 0, "asic": {', /amd-smi prints no JSON/],
    ['no name', '[{"gpu": 0, "asic": {"market_name": "N/A"}}]', /without number or name.*asic.market_name/],
  ])('refuses %s', (_, text, message) => {
    expect(() => amdSmi.parseAmdSmi(text, null)).toThrow(message);
  });
});

describe('rocm-smi', () => {
  it('reads both spellings', () => {
    expect(rocmSmi.parseRocmSmi(ROCM.now)).toEqual([
      {
        vendor: 'amd',
        index: 0,
        name: 'AMD Instinct MI300X OAM',
        memoryMiB: 196_592,
        usedMiB: 284,
        computeCapability: null,
        driverVersion: '6.8.5',
        partition: null,
      },
    ]);
    expect(rocmSmi.parseRocmSmi(ROCM.before)).toMatchObject([{ name: 'AMD Instinct MI300X', memoryMiB: 196_592, usedMiB: null }]);
  });

  it('refuses a card without a name', () => {
    expect(() => rocmSmi.parseRocmSmi('{"card0": {"GPU use (%)": "0"}}')).toThrow(/card without a name.*Card Series/);
  });
});
