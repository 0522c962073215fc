export type { Deployment, EncoderMode, KvCacheDtype } from '../engine/deployment.ts';
export type { MemoryPlan, Verdict } from './memoryPlan.ts';
