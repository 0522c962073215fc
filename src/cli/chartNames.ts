/** What has to be answered before a chart can be drawn. */
export type ChartQuestion = 'breakeven' | 'calibration' | 'cost' | 'fit' | 'hybrid' | 'reuse' | 'size' | 'speed';

/** The charts of `kplan chart`: the question whose options each takes, and what it shows. */
export const CHARTS = {
  breakeven: { question: 'breakeven', shows: 'cost of a month against volume: own GPUs in whole instances and APIs' },
  'unit-cost': { question: 'breakeven', shows: 'cost of a million tokens against volume' },
  tornado: { question: 'breakeven', shows: 'which assumptions move the saving most, and whether they turn it' },
  'cash-flow': { question: 'breakeven', shows: 'how far own GPUs are ahead of each API, month by month' },
  cost: { question: 'cost', shows: 'what the traffic of a month costs everywhere' },
  hybrid: { question: 'hybrid', shows: 'a floor of own replicas with the rest from an API' },
  'fit-map': { question: 'fit', shows: 'how many sequences fit, by context, KV cache dtype and fleet' },
  memory: { question: 'fit', shows: 'what fills the memory of a GPU' },
  speed: { question: 'speed', shows: 'output and time per token against concurrency' },
  load: { question: 'size', shows: 'waits against load, simulated' },
  day: { question: 'size', shows: 'waits over the hours of a day, simulated' },
  reuse: { question: 'reuse', shows: 'prefix reuse against KV tokens' },
  calibration: { question: 'calibration', shows: 'what was measured of an endpoint, and the model fitted to it' },
} as const satisfies Readonly<Record<string, { readonly question: ChartQuestion; readonly shows: string }>>;

export type ChartName = keyof typeof CHARTS;
