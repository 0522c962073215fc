import { breakEven } from 'kplan';
import { loadCatalog } from 'kplan/catalog';

const { answer, crossings, sources } = breakEven({ gpu: ['h200'], inputTokens: 8192, outputTokens: 1024, reuse: 0 }, loadCatalog());

console.log(answer);
for (const { tariff, cheaperBeyond, tokensPerMonth, utilisation } of crossings) {
  console.log({ tariff, cheaperBeyond, tokensPerMonth, utilisation });
}
console.log(`${Object.keys(sources).length} sources`);
