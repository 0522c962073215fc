import { describe, expect, it } from 'vitest';
import * as csvLine from '../../../src/importers/shared/csvLine.ts';
import * as jsonExtent from '../../../src/importers/shared/jsonExtent.ts';
import * as jsonFlaw from '../../../src/importers/shared/jsonFlaw.ts';
import * as jsonObjects from '../../../src/importers/shared/jsonObjects.ts';
import * as jsonPath from '../../../src/importers/shared/jsonPath.ts';
import { checkExample, docExamples } from '../../support/docExamples.ts';

const scope = { ...csvLine, ...jsonExtent, ...jsonFlaw, ...jsonObjects, ...jsonPath };

describe('examples of src/importers/shared', () => {
  const examples = docExamples('importers/shared');

  it('there are some', () => {
    expect(examples.length).toBeGreaterThan(3);
  });

  it.each(examples)('$file: $expression', (example) => {
    checkExample(example, scope);
  });
});
