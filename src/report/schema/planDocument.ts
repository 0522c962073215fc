import { z } from 'zod';
import { Fault } from '../../faults/fault.ts';
import { nearestNames } from '../../faults/nearest.ts';
import { jsonExtent } from '../../importers/shared/jsonExtent.ts';
import type { FiguredAnswer } from '../../plan/figures/figures.ts';
import { adviseSchema } from './advise.ts';
import { breakEvenSchema } from './breakEven.ts';
import { costSchema } from './cost.ts';
import { fitSchema } from './fit.ts';
import { hybridSchema } from './hybrid.ts';
import { reuseSchema } from './reuse.ts';
import { sizeSchema } from './size.ts';
import { speedSchema } from './speed.ts';

const SCHEMAS: Readonly<Record<FiguredAnswer['schema'], z.ZodType>> = {
  'kplan/advise@1': adviseSchema,
  'kplan/breakeven@1': breakEvenSchema,
  'kplan/cost@1': costSchema,
  'kplan/fit@1': fitSchema,
  'kplan/hybrid@1': hybridSchema,
  'kplan/reuse@1': reuseSchema,
  'kplan/size@1': sizeSchema,
  'kplan/speed@1': speedSchema,
};

const REPORT = 'kplan/report@1';

/** The parts of a report that are answers. */
const reportSchema = z.object({
  breakEven: breakEvenSchema,
  cost: costSchema.nullable(),
  hybrid: hybridSchema.nullable(),
  size: sizeSchema.nullable(),
  speed: speedSchema.nullable(),
  fit: fitSchema.nullable(),
});

function checked(schema: z.ZodType, document: unknown, file: string): unknown {
  const { success, data, error } = schema.safeParse(document);
  if (success) return data;
  const [issue] = error.issues;
  throw new Fault('invalid', `not as kplan writes it: ${issue?.message ?? 'another shape'}`, {
    where: `${file} ${(issue?.path ?? []).join('.')}`.trim(),
    allowed: 'what --json of this version of kplan printed',
  });
}

/**
 * The answers in a document that `--json` of fit, speed, size, cost, breakeven, hybrid, advise, reuse or report printed.
 *
 * @param file the name that faults show
 * @throws Fault `invalid` for what is no such document, `unsupported` for one of another kind
 */
export function planAnswers(file: string, text: string): FiguredAnswer[] {
  const start = text.search(/\S/);
  const extent = jsonExtent(text, start);
  if (!('json' in extent)) throw new Fault('invalid', extent.reason, { where: file, allowed: 'JSON of kplan' });
  let document: { readonly schema?: unknown };
  try {
    document = JSON.parse(extent.json) as typeof document;
  } catch {
    throw new Fault('invalid', 'not JSON', { where: file, allowed: 'JSON of kplan' });
  }
  const { schema } = document;
  if (schema === REPORT) {
    const parts = checked(reportSchema, document, file) as Readonly<Record<string, FiguredAnswer | null>>;
    return Object.values(parts).filter((part) => part !== null);
  }
  const known = Object.keys(SCHEMAS);
  if (typeof schema !== 'string' || !known.includes(schema)) {
    const names = [...known, REPORT];
    throw new Fault('unsupported', 'no answer with figures', {
      where: `${file} schema`,
      value: schema,
      allowed: names.join(', '),
      nearest: nearestNames(String(schema), names),
    });
  }
  return [checked(SCHEMAS[schema as FiguredAnswer['schema']], document, file) as FiguredAnswer];
}
