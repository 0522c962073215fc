import { describe, expect, it } from 'vitest';
import { JsonGroup } from '../../../src/importers/model/parse/jsonGroup.ts';
import { configReading } from '../../../src/importers/model/readings.ts';
import { checkpointSize } from '../../../src/model/checkpointSize.ts';
import type { Checkpoint, Model } from '../../../src/model/model.ts';
import { faultOf } from './support/environment.ts';
import { TOY_LLAMA, toyLlamaTensors } from './support/toyModels.ts';

function read(more: Readonly<Record<string, unknown>>) {
  const reading = configReading(JsonGroup.of({ ...TOY_LLAMA, ...more }, 'config.json'), null, null);
  const { architecture, storage } = reading;
  return { ...reading, bytes: checkpointSize({ architecture } as Model, storage as Checkpoint).bytes };
}

const WEIGHTS = toyLlamaTensors().reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);

describe('the type that a config names for its weights', () => {
  it.each([
    [{}, 2],
    [{ torch_dtype: 'bfloat16' }, 2],
    [{ dtype: 'float16' }, 2],
    [{ torch_dtype: 'float32' }, 4],
    [{ dtype: 'torch.float32' }, 4],
  ])('%j takes %i bytes for each', (more, bytes) => {
    expect(read(more).bytes).toBe(WEIGHTS * bytes);
  });

  it('in 32 bits is the format, and is said', () => {
    const { storage, remarks } = read({ torch_dtype: 'float32' });
    expect([storage.format, remarks.join().includes('counted in 32 bits')]).toEqual(['fp32', true]);
  });

  it('beside a quantisation is that of what is left out of it', () => {
    const quantization_config = { quant_method: 'fp8', weight_block_size: [128, 128] };
    const { storage } = read({ torch_dtype: 'float32', quantization_config });
    expect(storage.encodings).toMatchObject({ attention: 'fp8-block128', head: 'fp32', embedding: 'fp32' });
    expect(read({ torch_dtype: 'float8_e4m3fn', quantization_config }).storage.encodings.head).toBeUndefined();
  });

  it.each([
    ['complex64', 'bfloat16, float16, float32'],
    ['float8_e4m3fn', 'bfloat16, float16, float32, or a quantization_config beside it'],
  ])('%s is refused where nothing says how it is stored', async (torch_dtype, allowed) => {
    const { code, details } = await faultOf(() => read({ torch_dtype }));
    expect([code, details]).toEqual(['unsupported', { where: 'config.json: torch_dtype', value: torch_dtype, allowed }]);
  });
});
