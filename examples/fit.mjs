import { fit } from 'kplan';
import { loadCatalog } from 'kplan/catalog';

const { answer, results } = fit({ gpu: ['h200'], gpus: 8, tp: 8, contextTokens: 131072 }, loadCatalog());

console.log(answer);
for (const { layout, verdict, weightBytesPerGpu, kvTokens, sequences } of results) {
  console.log({ tp: layout.tp, verdict, weightBytesPerGpu, kvTokens: kvTokens?.value, sequences: sequences?.value });
}
