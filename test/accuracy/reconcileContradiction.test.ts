import { describe, expect, it } from 'vitest';
import { calibrationOf } from '../../src/accuracy/reconcile/calibration.ts';
import type { ReconcileAsk } from '../../src/accuracy/reconcile/logDeployment.ts';
import { reconcile } from '../../src/accuracy/reconcile/reconcile.ts';
import { memoryCalibrationOf } from '../../src/calibration/calibration.ts';
import { calibrationText, parseCalibration } from '../../src/calibration/calibrationFile.ts';
import { resolveRelease } from '../../src/engine/release.ts';
import { catalog, llamaOnH100, readLog, vllmLogOf } from './reconcileLogs.ts';

const origin = { file: 'serve.log', sha256: '0'.repeat(64), date: '2026-09-30' };
const text = vllmLogOf(llamaOnH100());
const withoutGpu = text.replace(/.*device_name.*\n/, '');
const sized = withoutGpu.replace(
  /(?=.*Model loading took)/,
  'INFO 03-01 10:00:05 [gpu_worker.py:1] init memory snapshot: free_memory=78.57GiB, total_memory=79.18GiB\n',
);

function gpu(id: string): ReconcileAsk {
  const found = catalog.gpus.find((one) => one.id === id);
  if (!found) throw new Error(`no ${id}`);
  return { gpu: found };
}

function model(id: string): ReconcileAsk {
  const found = catalog.models.find((one) => one.id === id);
  const [checkpoint] = found?.checkpoints ?? [];
  if (!found || !checkpoint) throw new Error(`no ${id}`);
  return { model: found, checkpoint };
}

const engine = (name: string): ReconcileAsk => ({
  release: resolveRelease(catalog.engines, name),
  releaseByDefault: !name.includes('@'),
});

async function both(log: string, ask: ReconcileAsk) {
  const found = reconcile(await readLog(log), catalog, ask);
  let fault: unknown = null;
  try {
    calibrationOf(found, origin);
  } catch (error) {
    fault = error;
  }
  return { answer: found.reconciliation.answer, fault };
}

describe('what is asked against the log', () => {
  it.each([
    ['a GPU of another name', text, gpu('h200-sxm'), '--gpu', 'serve.log:8 names NVIDIA H100 80GB HBM3'],
    ['an engine of another log', text, engine('sglang'), '--engine', 'is written by vllm'],
    ['another release', text, engine('vllm@0.11.0'), '--engine', 'serve.log:1 prints release 0.12.0'],
    ['a model of other weights', text, model('gpt-oss-120b'), '--model', 'serve.log:4 loads'],
  ])('%s is a warning, and nothing is calibrated', async (_, log, ask, where, said) => {
    const { answer, fault } = await both(log, ask);
    expect(answer).toContain(`Warning: ${where} `);
    expect(answer).toContain(said);
    expect(fault).toMatchObject({ code: 'contradiction', details: { where }, message: expect.stringContaining(said) });
  });

  it('takes what agrees', async () => {
    for (const ask of [gpu('h100-sxm'), engine('vllm'), engine('vllm@0.12.0'), model('llama-3.1-8b')]) {
      const { answer, fault } = await both(text, ask);
      expect([answer.includes('Warning'), fault]).toEqual([false, null]);
    }
  });

  it('takes a GPU that the log leaves open', async () => {
    expect((await both(withoutGpu, gpu('h100-sxm'))).fault).toBeNull();
  });

  it('a GPU of another memory is refused with the line that shows it', async () => {
    const { fault } = await both(sized, gpu('h200-sxm'));
    expect(fault).toMatchObject({
      code: 'contradiction',
      details: { where: '--gpu' },
      message: expect.stringMatching(/serve\.log:4 shows 79\.18/),
    });
  });
});

describe('a log without its release', () => {
  it('calibrates with an assumed one, and says so', async () => {
    const log = await readLog(text.replace('version 0.12.0', ''));
    const calibration = calibrationOf(reconcile(log, catalog), origin);
    expect(calibration.engineVersionAssumed).toBe(true);
    expect(parseCalibration(calibrationText(calibration), 'node.json')).toEqual(calibration);
    expect(memoryCalibrationOf(calibration)).toMatchObject({ engineVersion: null, source: expect.stringContaining('(release assumed)') });
    expect(calibrationOf(reconcile(await readLog(text), catalog), origin)).not.toHaveProperty('engineVersionAssumed');
  });
});

describe('figures and names that are no such', () => {
  const withTokens = (tokens: string) => text.replace(/cache size: [\d,]+ tokens/, `cache size: ${tokens} tokens`);

  it.each(['868080e18', '868080000000000000000000'])('%s tokens are a line that was not read', async (tokens) => {
    const { reconciliation } = reconcile(await readLog(withTokens(tokens)), catalog);
    expect(reconciliation.unread).toEqual([expect.objectContaining({ line: 6, text: expect.stringContaining(tokens) })]);
    expect(reconciliation.lines.some(({ id }) => id === 'kv-tokens')).toBe(false);
  });

  it('a token in the path of the model is masked', async () => {
    const token = `hf_${'aB3'.repeat(11)}`;
    const path = text.replace("'model': '", `'model': '/mnt/${token}/`);
    const { reconciliation } = reconcile(await readLog(path), catalog);
    expect(reconciliation.log.model).toContain('/mnt/…/');
    expect(JSON.stringify(reconciliation)).not.toContain(token);
  });

  it('a negative overhead is none of few logs', async () => {
    const { reconciliation } = reconcile(await readLog(vllmLogOf(llamaOnH100(), { overhead: -9 })), catalog);
    const line = reconciliation.lines.find(({ id }) => id === 'overhead');
    expect(line?.explanation).toMatch(/^negative: the GPU, its memory or the layout is not the one of the log/);
  });
});

describe('figures that are impossible', () => {
  it.each([
    ['weights beyond the GPU', text.replace(/took [\d.]+ GiB/, 'took 500.0 GiB'), 'serve.log:4', /500\.00 GiB/],
    ['no weights', text.replace(/took [\d.]+ GiB/, 'took 0.0 GiB'), 'serve.log:4', /weights per GPU are impossible/],
    ['a negative overhead', vllmLogOf(llamaOnH100(), { overhead: -9 }), 'serve.log:5', /not the one of the log/],
  ])('%s', async (_, log, where, said) => {
    const { answer, fault } = await both(log, {});
    expect(answer).toContain(`Warning: ${where} `);
    expect(fault).toMatchObject({ code: 'contradiction', details: { where }, message: expect.stringMatching(said) });
  });
});
