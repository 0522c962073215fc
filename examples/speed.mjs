import { speed } from 'kplan';
import { loadCatalog } from 'kplan/catalog';

const { answer, replicas } = speed({ gpu: ['h200'], gpus: 8, tp: 8, inputTokens: 8192, outputTokens: 1024 }, loadCatalog());

console.log(answer);
for (const { knee, concurrencyLimit, points } of replicas) {
  console.log({ knee, concurrencyLimit });
  for (const { concurrency, tpotMs, basis } of points)
    console.log({ concurrency, tpotMs: tpotMs.value, low: tpotMs.low, high: tpotMs.high, basis });
}
