import { expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { dossier } from '../../../src/plan/dossier/dossier.ts';
import { size } from '../../../src/plan/size/size.ts';

it('the day of a report is sketched at its busiest hour too', () => {
  const catalog = loadCatalog();
  const service = { gpu: ['h200:8'], dcp: 8, workload: 'agentic-coding', users: 40 };
  const sketched = dossier({ audience: 'sre', money: service, size: service, hybrid: null }, catalog).size?.day ?? [];
  expect(sketched).toHaveLength(8);
  const whole = size({ ...service, curves: ['day'] }, catalog).day ?? [];
  const busiest = whole.toSorted((a, b) => b.requestsPerSecond - a.requestsPerSecond)[0];
  expect(sketched.map(({ hour }) => hour)).toContain(busiest?.hour);
});
