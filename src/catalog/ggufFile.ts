import { z } from 'zod';
import { checkpointFormat, encoding, moduleClass, positive, sourceKey, sources, text } from './fields.ts';

const fileGB = z
  .strictObject({ low: positive.exactOptional(), value: positive, high: positive.exactOptional(), source: sourceKey })
  .refine(({ low, value, high }) => (low ?? value) <= value && value <= (high ?? value), { error: 'low, value and high in rising order' });

const mix = z.strictObject({
  mix: checkpointFormat,
  fileGB,
  encodings: z.partialRecord(moduleClass, encoding).exactOptional(),
});

/** A file of data/gguf: the published GGUF mixes of the model that it is named after. */
export const ggufFile = z.strictObject({ repository: text, mixes: z.array(mix).min(1), sources });
