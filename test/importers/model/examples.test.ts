import { describe, expect, it } from 'vitest';
import * as environment from '../../../src/importers/model/environment.ts';
import * as reference from '../../../src/importers/model/fetch/reference.ts';
import * as importedModel from '../../../src/importers/model/importedModel.ts';
import * as layerRuns from '../../../src/importers/model/translate/layerRuns.ts';
import * as moduleMatcher from '../../../src/importers/model/translate/moduleMatcher.ts';
import * as safePattern from '../../../src/importers/model/translate/safePattern.ts';
import { checkExample, docExamples } from '../../support/docExamples.ts';

const scope = { ...environment, ...reference, ...importedModel, ...layerRuns, ...moduleMatcher, ...safePattern };

describe('examples of src/importers/model', () => {
  const examples = docExamples('importers/model');

  it('there are some', () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each(examples)('$file: $expression', (example) => {
    checkExample(example, scope);
  });
});
