import { describe, expect, it } from 'vitest';
import * as plainLine from '../../../src/importers/startupLog/plainLine.ts';
import * as printedNumber from '../../../src/importers/startupLog/printedNumber.ts';
import * as pythonArguments from '../../../src/importers/startupLog/pythonArguments.ts';
import { checkExample, docExamples } from '../../support/docExamples.ts';

const examples = docExamples('importers/startupLog');

describe('examples of src/importers/startupLog', () => {
  it('there are some', () => {
    expect(examples.length).toBeGreaterThan(3);
  });

  it.each(examples)('$file: $expression', (example) => {
    checkExample(example, { ...plainLine, ...printedNumber, ...pythonArguments });
  });
});

describe('prefixes', () => {
  it.each([
    ['vllm-1  | (EngineCore_DP0 pid=3) INFO 01-01 00:00:00 [core.py:1] All well', 'EngineCore_DP0 pid=3'],
    ['\u001b[1;36m(Worker_DP1_TP3 pid=9)\u001b[0;0m INFO 01-01 00:00:00 [v1/worker.py:1] All well', 'Worker_DP1_TP3 pid=9'],
    ['(VllmWorker rank=3 pid=9) INFO 01-01 00:00:00 [worker.py:1] All well', 'VllmWorker rank=3 pid=9'],
    ['(RayWorkerWrapper pid=2, ip=10.0.0.1) INFO 01-01 00:00:00 worker.py:1] All well', 'RayWorkerWrapper pid=2, ip=10.0.0.1'],
    ['2026-06-11T04:11:07.123Z [2026-06-11 04:11:07 DP0 TP1 EP1] All well', 'DP0 TP1 EP1'],
    ['[07/09/2025-03:23:09] [TRT-LLM] [RANK 2] [I] All well', 'RANK 2'],
    ['[1,0]<stdout>:[TensorRT-LLM][INFO] All well', ''],
    ['[rank5]: All well', 'rank5'],
    ['INFO:     All well', ''],
    ['0.11.813.100 I All well', ''],
  ])('%s', (text, rank) => {
    expect(plainLine.plainLine({ number: 1, text })).toMatchObject({ text: 'All well', rank });
  });

  it('tell the first rank of each kind', () => {
    expect(['Worker_TP0 pid=9', 'DP0 TP0 EP0', 'RANK 0', 'rank0', '', 'EngineCore pid=3'].map(plainLine.isFirstRank)).not.toContain(false);
    expect(['Worker_DP1_TP0 pid=9', 'TP3', 'VllmWorker rank=3 pid=9', 'PP1 TP0'].map(plainLine.isFirstRank)).not.toContain(true);
  });
});
