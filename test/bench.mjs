/**
 * `npm run bench`: start-up of the command line against bare node, layout verdicts per second, the cost of speed, the simulator against
 * bare events, an import against a bare reader, the times of the client against a server's own, and the page of a
 * report, in one run. */
import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS = 15;
const { bin } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const cli = fileURLToPath(new URL(`../${bin.kplan}`, import.meta.url));
const preload = fileURLToPath(new URL('./bench/reportCpu.cjs', import.meta.url));

const COMMANDS = [
  { name: 'node -e 0', args: ['-e', '0'], aim: null },
  { name: 'kplan --help', args: [cli, '--help'], aim: 1.3 },
  { name: 'kplan fit --gpu h200', args: [cli, 'fit', '--gpu', 'h200'], aim: 1.8 },
];

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Wall and CPU time of one process, milliseconds. */
function measure(args) {
  const start = performance.now();
  const { status, output, stderr } = spawnSync(process.execPath, ['--require', preload, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return { wall, cpu: Number(output[3]) / 1000 };
}

/** Medians of interleaved runs, so that a busy moment of the machine falls on all commands alike. */
function startUp() {
  const samples = COMMANDS.map(() => ({ cpu: [], wall: [] }));
  for (let run = -2; run < RUNS; run++) {
    for (const [index, { args }] of COMMANDS.entries()) {
      const { cpu, wall } = measure(args);
      if (run < 0) continue;
      samples[index].cpu.push(cpu);
      samples[index].wall.push(wall);
    }
  }
  const medians = samples.map(({ cpu, wall }) => ({ cpu: median(cpu), wall: median(wall) }));
  for (const [index, { name, aim }] of COMMANDS.entries()) {
    const { cpu, wall } = medians[index];
    const ratio = (kind) => (medians[index][kind] / medians[0][kind]).toFixed(2);
    const verdict = aim === null ? '' : `  aim ${aim} CPU: ${cpu / medians[0].cpu <= aim ? 'met' : 'missed'}`;
    console.log(
      `${name.padEnd(22)} CPU ${cpu.toFixed(0).padStart(4)} ms = ${ratio('cpu')}x   wall ${wall.toFixed(0).padStart(4)} ms = ${ratio('wall')}x${verdict}`,
    );
  }
}

/** Deployments as a search would try them: every GPU, layouts of 4 to 32 ranks, four contexts. */
async function deployments() {
  const { loadCatalog } = await import('../dist/catalog/index.js');
  const { models, gpus, engines } = loadCatalog();
  const model = models.find(({ id }) => id === 'kimi-k2.7-code');
  const engine = engines.find(({ id }) => id === 'vllm');
  const checkpoint = model.checkpoints.find(({ format }) => format === model.defaultFormat);
  const release = { engine, version: engine.defaultVersion };
  const layouts = [4, 8, 16, 32].flatMap((tp) =>
    [1, 2].flatMap((pp) => [1, 8].map((dcp) => ({ tp, pp, dp: 1, ep: 1, dcp, attentionDp: 1 }))),
  );
  return gpus
    .filter(({ torchTotalGiB }) => torchTotalGiB !== null)
    .flatMap((gpu) =>
      layouts.flatMap((layout) =>
        [32, 64, 128, 256].map((k) => ({
          model,
          checkpoint,
          gpu,
          release,
          layout,
          kvCacheDtype: 'bf16',
          contextTokens: k * 1024,
          sequences: 1,
          encoderMode: 'weights',
        })),
      ),
    );
}

async function verdicts() {
  const { judge } = await import('../dist/index.js');
  const tried = await deployments();
  const round = () => {
    let fitting = 0;
    for (const deployment of tried) if (judge(deployment).verdict === 'fits') fitting++;
    return fitting;
  };
  for (let warm = 0; warm < 5; warm++) round();
  const rates = Array.from({ length: 9 }, () => {
    const start = process.cpuUsage();
    let count = 0;
    for (const began = performance.now(); performance.now() - began < 200; count += tried.length) round();
    const { user, system } = process.cpuUsage(start);
    return count / ((user + system) / 1e6);
  });
  const rate = median(rates);
  console.log(
    `layout verdicts        ${Math.round(rate).toLocaleString('en-US')} per second of one core over ${tried.length} deployments  aim 100,000: ${rate >= 100_000 ? 'met' : 'missed'}`,
  );
}

/** A rate of something repeated, per second of one core. */
function rateOf(once, count) {
  for (let warm = 0; warm < 3; warm++) once();
  const rates = Array.from({ length: 9 }, () => {
    const start = process.cpuUsage();
    let done = 0;
    for (const began = performance.now(); performance.now() - began < 200; done += count) once();
    const { user, system } = process.cpuUsage(start);
    return done / ((user + system) / 1e6);
  });
  return median(rates);
}

/** Time of one prediction, and of ranking every GPU and valid layout. */
async function speeds() {
  const { loadCatalog } = await import('../dist/catalog/index.js');
  const { speed, rankSpeed } = await import('../dist/index.js');
  const { loadedReplica } = await import('../dist/plan/speed/loadedReplica.js');
  const { knowledgeFor } = await import('../dist/plan/speed/ownKnowledge.js');
  const { resolveSpeedQuery } = await import('../dist/plan/speed/speedQuestion.js');
  const { judgeCandidates } = await import('../dist/plan/fit/candidates.js');
  const catalog = loadCatalog();
  const query = { gpu: ['h200:8'], inputTokens: 8192, outputTokens: 1024 };
  speed(query, catalog);
  const question = resolveSpeedQuery(query, catalog);
  const knowledge = knowledgeFor([], 'kimi-k2', question.asOf, catalog);
  const [ask] = question.fit.gpus;
  for (const [name, layout] of [
    ['measured', { tp: 8 }],
    ['modelled', { tp: 1, attentionDp: 8 }],
  ]) {
    const [judged] = judgeCandidates(question.fit.base, ask, layout);
    const { at, limit } = loadedReplica(judged, question, knowledge);
    const most = Math.min(limit, 64);
    const rate = rateOf(() => {
      for (let n = 1; n <= most; n++) at(n);
    }, most);
    const micros = 1e6 / rate;
    console.log(`prediction, ${name.padEnd(10)} ${micros.toFixed(1)} µs of one core  aim 20: ${micros <= 20 ? 'met' : 'missed'}`);
  }
  const asked = { gpu: ['all'], inputTokens: 8192, outputTokens: 1024, maxTpotMs: 50 };
  const seconds = 1 / rateOf(() => rankSpeed(asked, catalog), 1);
  console.log(`ranking of all GPUs    ${seconds.toFixed(2)} s of one core  aim 1: ${seconds <= 1 ? 'met' : 'missed'}`);
}

const EVENTS = 1000;

/** Events per second of the hold model: the earliest of a thousand events is taken and comes again at a random later time. */
function heldEvents(EventHeap, Random) {
  const heap = new EventHeap();
  const random = new Random(1);
  const gaps = Float64Array.from({ length: 4096 }, () => random.exponential());
  let drawn = 0;
  for (let event = 0; event < EVENTS; event++) heap.push(gaps[drawn++ & 4095], event);
  return rateOf(() => {
    for (let round = 0; round < 100_000; round++) {
      const now = heap.nextTime;
      heap.push(now + gaps[drawn++ & 4095], heap.pop());
    }
  }, 100_000);
}

/** Lengths like those of the Mooncake conversation trace: 12,035 tokens in and 343 out on average, 3.4 requests per second. */
function conversationTraffic(generate) {
  const arrivals = { requestsPerSecond: 3.4, gapCv: 1, hours: null };
  const lengths = [
    { share: 0.5, inputTokens: 4000, outputTokens: 300 },
    { share: 0.4, inputTokens: 14_000, outputTokens: 350 },
    { share: 0.1, inputTokens: 44_350, outputTokens: 530 },
  ];
  return generate(arrivals, lengths, { seed: 1, seconds: 4000 }).slice(0, 12_031);
}

/** Iterations per second of the simulator against the events of a bare heap, and the time of a replay. */
async function simulations() {
  const { EventHeap } = await import('../dist/serving/simulation/eventHeap.js');
  const { Random } = await import('../dist/serving/simulation/random.js');
  const { generate } = await import('../dist/serving/simulation/arrivals.js');
  const { simulate } = await import('../dist/serving/simulation/simulate.js');
  const requests = conversationTraffic(generate);
  const seconds = ({ decodeSequences, contextTokens, prefillTokens }) =>
    0.009 + 3e-4 * decodeSequences + 2e-8 * contextTokens + 4e-5 * prefillTokens;
  for (const [name, affineInContext] of [
    ['straight clock', true],
    ['curved clock', false],
  ]) {
    const fleet = {
      clock: { affineInContext, seconds },
      kvTokens: 1_500_000,
      maxSequences: 256,
      batchTokens: 8192,
      tokensPerStep: 1,
      reuse: { kind: 'none' },
      replicas: 4,
      routing: { kind: 'least-loaded' },
      failures: [],
      warmUpMs: 0,
    };
    const { iterations } = simulate(fleet, requests);
    const rate = rateOf(() => simulate(fleet, requests), iterations);
    const ratio = rate / heldEvents(EventHeap, Random);
    const count = iterations.toLocaleString('en-US');
    console.log(
      `simulation, ${name.padEnd(14)} ${count} iterations at ${ratio.toFixed(2)} of the events of a bare heap  aim 0.2: ${ratio >= 0.2 ? 'met' : 'missed'}`,
    );
    const replayed = iterations / rate;
    console.log(
      `replay of ${requests.length.toLocaleString('en-US')} requests, ${name.padEnd(14)} ${replayed.toFixed(3)} s of one core  aim 1: ${replayed <= 1 ? 'met' : 'missed'}`,
    );
  }
}

/** A log of requests as LiteLLM's table exports it, without its texts. */
function usageLog(rows) {
  const lines = ['request_id,spend,prompt_tokens,completion_tokens,startTime,endTime,model,status'];
  for (let row = 0; row < rows; row++) {
    const start = new Date(1.76e12 + row * 731).toISOString();
    lines.push(
      `req-${row},0.0${row % 97},${1000 + ((row * 7919) % 90_000)},${1 + ((row * 104_729) % 4000)},${start},${start},kimi-k2,success`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Rows per second of an import against those of the bare reader of CSV, in turns on one file. */
async function imports() {
  const { importUsage } = await import('../dist/importers/usage/index.js');
  const { parse } = await import('csv-parse');
  const rows = 200_000;
  const folder = mkdtempSync(join(tmpdir(), 'kplan-bench-'));
  const path = join(folder, 'log.csv');
  writeFileSync(path, usageLog(rows));
  const ways = {
    bare: async () => {
      let count = 0;
      for await (const record of createReadStream(path).pipe(parse())) count += record.length > 0 ? 1 : 0;
      return count - 1;
    },
    import: async () => (await importUsage([path], {}, { stdin: process.stdin })).rows.used,
  };
  const rates = { bare: [], import: [] };
  for (let run = -1; run < 5; run++) {
    for (const [name, read] of Object.entries(ways)) {
      const start = process.cpuUsage();
      if ((await read()) !== rows) throw new Error(`${name} lost rows`);
      const { user, system } = process.cpuUsage(start);
      if (run >= 0) rates[name].push(rows / ((user + system) / 1e6));
    }
  }
  rmSync(folder, { recursive: true });
  const [bare, whole] = [median(rates.bare), median(rates.import)];
  const ratio = whole / bare;
  console.log(
    `import workload        ${Math.round(whole).toLocaleString('en-US')} rows per second of one core = ${ratio.toFixed(2)} of bare csv-parse  aim 0.6: ${ratio >= 0.6 ? 'met' : 'missed'}`,
  );
}

/** CPU time of 10,000 samples of a full break-even: a month, a plan of 36 months, and inputs that move the capacity. */
async function samples() {
  const { loadCatalog } = await import('../dist/catalog/index.js');
  const { breakEven } = await import('../dist/plan/breakEven/breakEven.js');
  const catalog = loadCatalog();
  const base = {
    gpu: ['h200'],
    dcp: 8,
    workload: 'agentic-coding',
    users: 200,
    terms: false,
    tariffs: ['genai-prices:moonshotai:kimi-k2.7-code'],
  };
  const uniform = (low, high) => ({ kind: 'uniform', low, high });
  const cases = [
    ['a month', { ...base, sensitivity: true }],
    ['36 months', { ...base, months: 36 }],
    [
      'reuse unsure',
      { ...base, reuse: 0.9, uncertainty: { inputs: { reuse: uniform(0.85, 0.95), users: uniform(150, 250) }, derived: {} } },
    ],
  ];
  for (const [name, query] of cases) {
    const { sensitivity: _, months: _m, uncertainty: _u, ...plain } = query;
    const cpu = (asked) => {
      const start = process.cpuUsage();
      const answer = breakEven(asked, catalog);
      const { user, system } = process.cpuUsage(start);
      return [(user + system) / 1e6, answer.sensitivity[0]?.samples ?? 1];
    };
    const times = [];
    for (let run = -1; run < 5; run++) {
      const [[sampled, count], [bare]] = [cpu(query), cpu(plain)];
      if (run >= 0) times.push(((sampled - bare) / count) * 10_000);
    }
    const seconds = median(times);
    console.log(`10,000 samples, ${name.padEnd(12)} ${seconds.toFixed(2)} s of one core  aim 1: ${seconds <= 1 ? 'met' : 'missed'}`);
  }
}

startUp();
await verdicts();
await speeds();
await samples();
await simulations();
await imports();
const { timingErrors } = await import('./bench/timing.mjs');
await timingErrors();
const { page } = await import('./bench/page.mjs');
await page();
