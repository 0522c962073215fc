import { describe, expect, it } from 'vitest';
import { briefly, gpuInfo, h100Row, imported, LAMBDA, SKYPILOT, table } from './support.ts';

describe('files of the SkyPilot catalog', () => {
  it('price instances: the row is per GPU, regions are kept, machines without GPUs are counted', () => {
    const rows = ['us-east-1', 'us-south-1'].map((region) => h100Row({ region }));
    const result = imported(table(SKYPILOT, 'cpu_4x_general,,,4.0,16.0,0.2,us-east-1,,', ...rows));
    expect(briefly(result)).toEqual(['h100-sxm on-demand 3.99 us-east-1', 'h100-sxm on-demand 3.99 us-south-1']);
    expect(result.leftOut).toEqual([{ reason: 'no-gpu', count: 1, where: 'vms.csv:2: AcceleratorName' }]);
    expect(result.rows[0]).toMatchObject({
      id: 'lambda:h100-sxm:gpu-8x-h100-sxm5:us-east-1:on_demand@2026-11-20',
      provider: 'lambda',
      gpusPerInstance: 8,
      instance: 'gpu_8x_h100_sxm5',
      date: '2026-11-20',
      source: 'SkyPilot catalog: vms.csv',
      termMonths: null,
      status: 'changed',
      percent: 16,
      before: { usdPerGpuHour: 3.44, date: '2026-03-16', own: false },
      known: false,
    });
    expect(result.refused).toEqual([]);
  });

  it('have a second price as spot, and none where it is zero', () => {
    const nebius = (region: string, spot: string) =>
      `gpu-h100-sxm_8gpu-128vcpu-1600gb,H100,8,128,1600,23.60,${region},${gpuInfo('H100', 8, 81_920)},${spot}`;
    const result = imported(table(SKYPILOT, nebius('eu-north1', '10.00'), nebius('eu-west1', '0.00')), {
      provider: 'nebius',
      date: '2026-11-20',
    });
    expect(briefly(result)).toEqual([
      'h100-sxm on-demand 2.95 eu-north1',
      'h100-sxm spot 1.25 eu-north1',
      'h100-sxm on-demand 2.95 eu-west1',
    ]);
    expect(result.leftOut).toMatchObject([{ reason: 'zero-price', count: 1, where: 'vms.csv:3: SpotPrice' }]);
  });

  it('may have no price but as spot (Verda), and GpuInfo as JSON', () => {
    const header = 'InstanceType,UpstreamCloudId,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,Price,SpotPrice';
    const info =
      '"{""Gpus"": [{""Name"": ""B200"", ""Count"": 8, ""MemoryInfo"": {""SizeInMiB"": 184320}}], ""TotalGpuMemoryInMiB"": 1474560}"';
    const result = imported(table(header, `8B200.240V,8B200.240V,240.0,1472.0,B200,8.0,${info},FIN-03,,13.69`), {
      provider: 'verda',
      date: '2026-11-20',
    });
    expect(briefly(result)).toEqual(['b200-sxm spot 1.71125 FIN-03']);
  });

  it('have zones: one row where they cost the same, else a row for each', () => {
    const header = 'InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region,AvailabilityZone,Arch';
    const p5 = (zone: string, spot: string) =>
      `p5.48xlarge,H100,8.0,192.0,2048.0,${gpuInfo('H100', 8, 81_920)},55.04,${spot},us-east-1,${zone},x86_64`;
    const result = imported(table(header, p5('use1-az1', '22.4'), p5('use1-az2', '24.5'), p5('use1-az3', '24.5')), {
      provider: 'aws',
      date: '2026-11-20',
    });
    expect(briefly(result)).toEqual([
      'h100-sxm on-demand 6.88 us-east-1',
      'h100-sxm spot 2.8 use1-az1',
      'h100-sxm spot 3.0625 use1-az2',
      'h100-sxm spot 3.0625 use1-az3',
    ]);
    expect(result.rows[0]).toMatchObject({ status: 'same', percent: 0, before: { date: '2026-11-09' } });
    expect(result.leftOut).toMatchObject([{ reason: 'repeat', count: 2 }]);
  });

  it('write GB into the field for MiB (RunPod), and the form of the board into another name', () => {
    const header = 'InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Region,SpotPrice,Price,AvailabilityZone,GpuInfo';
    const row = `2x_A100-80GB_SECURE,A100-80GB,2.0,16.0,234.0,IN,2.78,2.78,AP-IN-1,${gpuInfo('A100 PCIe', 2, 80)}`;
    const result = imported(table(header, row), { provider: 'runpod', date: '2026-11-20' });
    expect(briefly(result)).toEqual(['a100-80-pcie on-demand 1.39 IN', 'a100-80-pcie spot 1.39 IN']);
    expect(result.rows.map(({ note }) => note)).toEqual(['', 'as spot the file has the price on demand']);
  });

  it('state the memory of all GPUs (Vast.ai), name regions with commas, and price one instance several times', () => {
    const header = 'InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region';
    const nvl = `2x-H100_NVL-32-65536,H100,2,32,64.0,${gpuInfo('H100', 2, 191_660, 191_660)},4.53,0.00,"Australia, AU, OC"`;
    const h200 = (price: string) => `2x-H200-32-65536,H200,2,32,64.0,${gpuInfo('H200', 2, 287_542, 287_542)},${price},0.00,", US, NA"`;
    const result = imported(table(header, nvl, h200('5.2'), h200('5.0')), { provider: 'vast', date: '2026-11-20' });
    expect(briefly(result)).toEqual(['h100-nvl on-demand 2.265 Australia, AU, OC', 'h200-sxm on-demand 2.5 US, NA']);
    expect(result.rows[0]).toMatchObject({ provider: 'vast.ai', id: expect.stringContaining(':australia-au-oc:') });
    expect(result.leftOut).toMatchObject([
      { reason: 'dearer', count: 1 },
      { reason: 'zero-price', count: 3 },
    ]);
  });

  it('price GPUs apart from the machine that they sit in (GCP): those are counted', () => {
    const header = 'InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,AvailabilityZone,Price,SpotPrice';
    const result = imported(
      table(
        header,
        'a3-highgpu-8g,208.0,1872.0,,,,us-central1,us-central1-a,9.46,2.88',
        ',,,H100,8,H100,us-central1,us-central1-a,79.04,20.1',
      ),
      { provider: 'gcp', date: '2026-11-20' },
    );
    expect(result.leftOut).toMatchObject([{ reason: 'no-gpu' }, { reason: 'gpu-alone' }]);
    expect(result.refused).toMatchObject([{ code: 'missing', message: expect.stringContaining('no row has a price of a GPU') }]);
  });

  it('do not say whose prices they are, nor of which day', () => {
    const content = table(SKYPILOT, h100Row(), h100Row({ region: 'us-west-1' }));
    const silent = imported(content, {});
    expect(silent.refused).toMatchObject([{ code: 'missing', where: 'vms.csv', allowed: '--provider NAME, such as lambda', count: 1 }]);
    const undated = imported(content, { provider: 'Lambda Labs' });
    expect(undated.rows[0]).toMatchObject({ provider: 'lambda', date: '2026-11-22' });
    expect(undated.assumed).toEqual(['the day of vms.csv, 2026-11-22: when the file was last changed; say it with --date']);
  });
});

describe('prices per GPU', () => {
  it.each([
    ['31.92', '8', 3.99],
    ['5.8854999999999995', '4', 1.471375],
    ['21.957642', '8', 2.744705],
    ['10', '3', 3.333333],
    ['0.94804', '16', 0.059253],
  ])('%s over %s GPUs is %d', (price, count, expected) => {
    const [row] = imported(table(SKYPILOT, h100Row({ price, count })), { ...LAMBDA, keepOutliers: true }).rows;
    expect(row?.usdPerGpuHour).toBe(expected);
  });
});
