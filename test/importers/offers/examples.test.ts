import { describe, expect, it } from 'vitest';
import * as gpuInfo from '../../../src/importers/offers/gpuInfo.ts';
import * as gpuName from '../../../src/importers/offers/gpuName.ts';
import * as offerRow from '../../../src/importers/offers/offerRow.ts';
import { checkExample, docExamples } from '../../support/docExamples.ts';

const row = { provider: 'lambda', gpu: 'h100-sxm', pricing: 'on-demand', date: '2026-11-09' };

describe('examples of src/importers/offers', () => {
  const examples = docExamples('importers/offers');

  it('there are some', () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each(examples)('$file: $expression', (example) => {
    checkExample(example, { ...gpuInfo, ...gpuName, ...offerRow, row });
  });
});
