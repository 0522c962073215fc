import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { BreakEvenAnswer } from '../../src/plan/breakEvenAnswer.ts';
import type { FitAnswer } from '../../src/plan/fitAnswer.ts';
import type { ErrorDocument } from '../../src/report/errorDocument.ts';
import { breakEvenSchema } from '../../src/report/schema/breakEven.ts';
import type { errorSchema } from '../../src/report/schema/error.ts';
import { fitSchema } from '../../src/report/schema/fit.ts';
import { jsonSchemas } from '../../src/report/schema/jsonSchemas.ts';
import { breakEvenAnswer, neverAnswer, unmeasuredAnswer } from '../support/breakEvenAnswer.ts';
import { fitAnswer } from '../support/fitAnswer.ts';

/** A type without readonly, all the way down, with unions of objects as they are. */
type Plain<T> = T extends readonly (infer Item)[] ? Plain<Item>[] : T extends object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T;

describe('schemas', () => {
  it('equal the types of the answers', () => {
    expectTypeOf<Plain<z.infer<typeof fitSchema>>>().toEqualTypeOf<Plain<FitAnswer>>();
    expectTypeOf<Plain<z.infer<typeof breakEvenSchema>>>().toEqualTypeOf<Plain<BreakEvenAnswer>>();
    expectTypeOf<Plain<z.infer<typeof errorSchema>>>().toEqualTypeOf<Plain<ErrorDocument>>();
  });

  it.each([breakEvenAnswer, neverAnswer, unmeasuredAnswer])('accept every kind of break-even answer', (answer) => {
    expect(breakEvenSchema.parse(answer)).toEqual(answer);
  });

  it('accept a fit answer', () => {
    expect(fitSchema.parse(fitAnswer)).toEqual(fitAnswer);
  });

  it('refuse an unknown key, a number that is not finite and a share above one', () => {
    expect(fitSchema.safeParse({ ...fitAnswer, extra: 1 }).success).toBe(false);
    expect(
      fitSchema.safeParse({ ...fitAnswer, results: fitAnswer.results.map((row) => ({ ...row, weightBytesPerGpu: Number.NaN })) }).success,
    ).toBe(false);
    const offers = breakEvenAnswer.offers.map((fleet) => ({ ...fleet, reuse: 1.2 }));
    expect(breakEvenSchema.safeParse({ ...breakEvenAnswer, offers }).success).toBe(false);
  });

  it('become strict JSON Schemas', () => {
    const schemas = jsonSchemas();
    expect(Object.keys(schemas)).toEqual(['fit.schema.json', 'breakeven.schema.json', 'error.schema.json']);
    for (const schema of Object.values(schemas)) {
      expect(schema).toMatchObject({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        additionalProperties: false,
      });
    }
  });
});
