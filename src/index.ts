export { type BreakEvenQuery, breakEven } from './plan/breakEven.ts';
export type * from './plan/breakEvenAnswer.ts';
export type { Catalog } from './plan/catalog.ts';
export { type ClaimsAnswer, judgeClaims } from './plan/claims.ts';
export { fit } from './plan/fit.ts';
export type * from './plan/fitAnswer.ts';
export { judge } from './plan/judge.ts';
export type { FitQuery } from './plan/question.ts';
export { Fault } from './faults/fault.ts';
