import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { dataSchema } from '../../src/catalog/dataSchema.ts';
import type { BreakEvenAnswer } from '../../src/plan/breakEven/breakEvenAnswer.ts';
import type { ClaimsAnswer } from '../../src/plan/claims/claims.ts';
import type { FitAnswer } from '../../src/plan/fit/fitAnswer.ts';
import type { SpeedAnswer, SpeedRanking } from '../../src/plan/speed/speedAnswer.ts';
import type { ErrorDocument } from '../../src/report/errorDocument.ts';
import { breakEvenSchema } from '../../src/report/schema/breakEven.ts';
import { claimsSchema } from '../../src/report/schema/claims.ts';
import { deploySchema } from '../../src/report/schema/deploy.ts';
import { errorSchema } from '../../src/report/schema/error.ts';
import { explainSchema } from '../../src/report/schema/explain.ts';
import { fitSchema } from '../../src/report/schema/fit.ts';
import { jsonSchemas } from '../../src/report/schema/jsonSchemas.ts';
import { offloadSchema } from '../../src/report/schema/offload.ts';
import { scoreMemorySchema } from '../../src/report/schema/score.ts';
import { speedRankSchema, speedSchema } from '../../src/report/schema/speed.ts';
import { breakEvenAnswer, idleAnswer, manyAnswer, neverAnswer, openAnswer, unmeasuredAnswer } from '../support/breakEvenAnswer.ts';
import { cliRun } from '../support/cliRun.ts';
import { fitAnswer } from '../support/fitAnswer.ts';
import { noReplica, speedAnswer, speedRanking, twoReplicas } from '../support/speedAnswer.ts';

/** A type without readonly, all the way down, with unions of objects as they are. */
type Plain<T> = T extends readonly (infer Item)[] ? Plain<Item>[] : T extends object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T;

describe('schemas', () => {
  it('equal the types of the answers', () => {
    expectTypeOf<Plain<z.infer<typeof fitSchema>>>().toEqualTypeOf<Plain<FitAnswer>>();
    expectTypeOf<Plain<z.infer<typeof breakEvenSchema>>>().toEqualTypeOf<Plain<BreakEvenAnswer>>();
    expectTypeOf<Plain<z.infer<typeof speedSchema>>>().toEqualTypeOf<Plain<SpeedAnswer>>();
    expectTypeOf<Plain<z.infer<typeof speedRankSchema>>>().toEqualTypeOf<Plain<SpeedRanking>>();
    expectTypeOf<Plain<z.infer<typeof claimsSchema>>>().toEqualTypeOf<Plain<ClaimsAnswer>>();
    expectTypeOf<Plain<z.infer<typeof errorSchema>>>().toEqualTypeOf<Plain<ErrorDocument>>();
  });

  it.each([breakEvenAnswer, neverAnswer, unmeasuredAnswer, openAnswer, idleAnswer, manyAnswer])(
    'accept every kind of break-even answer',
    (answer) => {
      expect(breakEvenSchema.parse(answer)).toEqual(answer);
    },
  );

  it('accept speed answers and rankings', () => {
    for (const answer of [speedAnswer, twoReplicas, noReplica]) expect(speedSchema.parse(answer)).toEqual(answer);
    expect(speedRankSchema.parse(speedRanking)).toEqual(speedRanking);
  });

  it('accept a fit answer', () => {
    expect(fitSchema.parse(fitAnswer)).toEqual(fitAnswer);
  });

  const REAL: readonly [line: string, schema: z.ZodType][] = [
    ['fit --gpu h200,rtx-4090 --ctx 128k --terms --rules', fitSchema],
    ['fit --gpu h200 --gpus 8 --ctx 32k..128k', fitSchema],
    ['fit --engine llama.cpp --format UD-Q2_K_XL --gpu rtx-4090:1 --ram 512gb --ctx 32k', offloadSchema],
    ['score memory data/measurements/startup-logs.csv', scoreMemorySchema],
    ['breakeven --gpu all --workload kimi-chat', breakEvenSchema],
    ['breakeven --gpu h200 --workload kimi-chat --tokens-per-month 0', breakEvenSchema],
    ['speed --gpu h200,rtx-4090 --workload kimi-chat', speedSchema],
    ['speed --gpu h200:8 --isl 8192 --osl 1024 --concurrency 1..256 --max-tpot 40', speedSchema],
    ['speed --rank --workload kimi-chat', speedRankSchema],
    ['explain breakeven/gpu=h200,workload=kimi-chat/hoursPerMonth', explainSchema],
    ['explain fit/ctx=128k/a100-80-sxm/16/tp8-pp2/kvMemoryBytesPerGpu', explainSchema],
    ['deploy --gpu h200:8', deploySchema],
    ['deploy --gpu h200:4', deploySchema],
    ['data claims', claimsSchema],
    ['data gpus', dataSchema],
    ['data models', dataSchema],
    ['data workloads', dataSchema],
    ['data tariffs', dataSchema],
    ['data offers', dataSchema],
    ['data gpu', errorSchema],
  ];

  it.each(REAL)('accept what `kplan %s --json` prints', async (line, schema) => {
    const { stdout } = await cliRun([...line.split(' '), '--json']);
    const document: unknown = JSON.parse(stdout);
    expect(schema.parse(document)).toEqual(document);
  });

  it('refuse an unknown key, a number that is not finite and a share above one', () => {
    expect(fitSchema.safeParse({ ...fitAnswer, extra: 1 }).success).toBe(false);
    expect(
      fitSchema.safeParse({ ...fitAnswer, results: fitAnswer.results.map((row) => ({ ...row, weightBytesPerGpu: Number.NaN })) }).success,
    ).toBe(false);
    const offers = breakEvenAnswer.offers.map((fleet) => ({ ...fleet, reuse: { ...fleet.reuse, high: 1.2 } }));
    expect(breakEvenSchema.safeParse({ ...breakEvenAnswer, offers }).success).toBe(false);
  });

  it('become strict JSON Schemas', () => {
    const schemas = jsonSchemas();
    expect(Object.keys(schemas)).toEqual(
      [
        'fit',
        'offload',
        'reconcile',
        'score',
        'score-throughput',
        'speed',
        'speed-rank',
        'import-bench',
        'import-offers',
        'import-prices',
        'import-workload',
        'calibration',
        'calibration-endpoint',
        'calibrate',
        'breakeven',
        'cost',
        'advise',
        'hybrid',
        'reuse',
        'size',
        'explain',
        'claims',
        'data-check',
        'data-diff',
        'deploy',
        'diff',
        'workload-sql',
        'error',
      ].map((name) => `${name}.schema.json`),
    );
    for (const schema of Object.values(schemas)) {
      expect(schema).toMatchObject({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        additionalProperties: false,
      });
    }
  });
});
