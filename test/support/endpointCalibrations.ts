import type { EndpointCalibration, EndpointConditions, EndpointDeployment } from '../../src/calibration/endpointCalibration.ts';
import { calibrated } from '../../src/calibration/fit/calibrated.ts';
import { ladderOf } from '../../src/calibration/ladder/ladder.ts';
import { NOTHING_SAID } from '../../src/calibration/probe/endpointFacts.ts';
import { loadCatalog } from '../../src/catalog/index.ts';
import { Random } from '../../src/serving/simulation/random.ts';
import { simulatedRun, type TrueEndpoint } from './simulatedEndpoint.ts';
import { TP8 } from './speed.ts';

export const DEPLOYMENT: EndpointDeployment = {
  engine: 'vllm',
  engineVersion: '0.16.0',
  model: 'kimi-k2.7-code',
  family: 'kimi-k2',
  format: 'int4',
  kvCacheDtype: 'bf16',
  gpu: 'h200-sxm',
  layout: TP8,
};

export const CONDITIONS: EndpointConditions = {
  endpoint: 'gpu7.example',
  servedModel: 'k2',
  protocol: 'openai',
  speculation: 'none',
  prefixCaching: true,
  maxModelLen: 262_144,
  notes: [],
};

/** The usual ladder up to 64 requests in flight. */
export const LADDER = ladderOf({}, NOTHING_SAID).steps;

/** The calibration of a simulated endpoint. */
export function simulatedCalibration(
  endpoint: TrueEndpoint,
  more: { readonly deployment?: EndpointDeployment | null; readonly conditions?: Partial<EndpointConditions>; readonly date?: string } = {},
): EndpointCalibration {
  return calibrated(
    {
      name: 'our node',
      date: more.date ?? '2026-04-22',
      source: { file: 'records.jsonl', sha256: 'ab'.repeat(32) },
      records: simulatedRun(LADDER, endpoint, new Random(11)),
      warmUp: (step) => LADDER[step]?.warmUp ?? 0,
      deployment: more.deployment === undefined ? DEPLOYMENT : more.deployment,
      conditions: { ...CONDITIONS, ...more.conditions },
      kvTokens: 560_000,
      predictedKv: { tokens: { low: 500_000, value: 550_000, high: 600_000, basis: 'modelled' }, bytesPerGpu: 38e9 },
    },
    loadCatalog(),
  );
}
