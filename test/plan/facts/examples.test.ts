import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import * as dataCheck from '../../../src/plan/facts/dataCheck.ts';
import * as dataDiff from '../../../src/plan/facts/dataDiff.ts';
import * as groupedBy from '../../../src/plan/facts/groupedBy.ts';
import * as priceChanges from '../../../src/plan/facts/priceChanges.ts';
import * as priceFact from '../../../src/plan/facts/priceFact.ts';
import { checkExample, docExamples } from '../../support/docExamples.ts';
import { kimiList } from '../../support/tariffs.ts';

describe('examples of src/plan/facts', () => {
  const examples = docExamples('plan/facts');

  it('there are some', () => {
    expect(examples.length).toBeGreaterThan(3);
  });

  it.each(examples)('$file: $expression', (example) => {
    checkExample(example, { ...dataCheck, ...dataDiff, ...groupedBy, ...priceChanges, ...priceFact, catalog: loadCatalog(), kimiList });
  });
});
