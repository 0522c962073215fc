import { describe, expect, it } from 'vitest';
import * as clock from '../../../src/importers/prices/clock.ts';
import * as decimal from '../../../src/importers/prices/decimal.ts';
import * as registry from '../../../src/importers/prices/registry.ts';
import * as slug from '../../../src/importers/prices/slug.ts';
import { checkExample, docExamples } from '../../support/docExamples.ts';

const scope = { ...clock, ...decimal, ...registry, ...slug };

describe('examples of src/importers/prices', () => {
  const examples = docExamples('importers/prices');

  it('there are some', () => {
    expect(examples.length).toBeGreaterThan(3);
  });

  it.each(examples)('$file: $expression', (example) => {
    checkExample(example, scope);
  });
});
