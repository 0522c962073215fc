import { it } from 'vitest';
import * as endpointText from '../../../src/calibration/client/endpointText.ts';
import * as endpointUrl from '../../../src/calibration/client/endpointUrl.ts';
import * as failure from '../../../src/calibration/client/failure.ts';
import * as key from '../../../src/calibration/client/key.ts';
import * as keyShape from '../../../src/calibration/client/keyShape.ts';
import * as modelRules from '../../../src/calibration/client/modelRules.ts';
import * as rateLimits from '../../../src/calibration/client/rateLimits.ts';
import * as retryAfter from '../../../src/calibration/client/retryAfter.ts';
import * as secrets from '../../../src/calibration/client/secrets.ts';
import * as timings from '../../../src/calibration/client/timings.ts';
import { checkExample, docExamples } from '../../support/docExamples.ts';
import { recorded } from '../../support/recorded.ts';

const SCOPE = {
  ...endpointText,
  ...endpointUrl,
  ...failure,
  ...key,
  ...keyShape,
  ...modelRules,
  ...rateLimits,
  ...retryAfter,
  ...secrets,
  ...timings,
  recorded,
};

it.each(docExamples('calibration/client'))('$file: $expression', (example) => {
  checkExample(example, SCOPE);
});
