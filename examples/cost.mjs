import { cost } from 'kplan';
import { loadCatalog } from 'kplan/catalog';

const { answer, rows, remedies } = cost({ gpu: ['h200'], workload: 'agentic-coding', users: 40 }, loadCatalog());

console.log(answer);
for (const { kind, name, tier, usdPerMonth, usdPerUser } of rows.filter((row) => row.kind !== 'router'))
  console.log({ kind, name, tier, low: usdPerMonth.low, usdPerMonth: usdPerMonth.value, high: usdPerMonth.high, usdPerUser });
for (const { row, change, instances } of remedies) console.log({ row, change, instances });
