import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import * as agreed from '../../../src/importers/bench/agreed.ts';
import * as benchLayout from '../../../src/importers/bench/benchLayout.ts';
import * as littlesLaw from '../../../src/importers/bench/littlesLaw.ts';
import * as measurementRow from '../../../src/importers/bench/measurementRow.ts';
import * as metricUnit from '../../../src/importers/bench/metricUnit.ts';
import * as statedNames from '../../../src/importers/bench/statedNames.ts';
import { checkExample, docExamples } from '../../support/docExamples.ts';

const catalog = loadCatalog();

const scope = {
  ...agreed,
  ...benchLayout,
  ...littlesLaw,
  ...measurementRow,
  ...metricUnit,
  ...statedNames,
  catalog,
  k25: catalog.models.find(({ id }) => id === 'kimi-k2.5'),
};

describe('examples of src/importers/bench', () => {
  const examples = docExamples('importers/bench');

  it('there are some', () => {
    expect(examples.length).toBeGreaterThan(8);
  });

  it.each(examples)('$file: $expression', (example) => {
    checkExample(example, scope);
  });
});
