import { through } from '../../evidence/estimate.ts';
import type { TermSheet, Unit } from '../../evidence/term.ts';
import { replicaGpus, stageRanks } from '../../layout/layout.ts';
import { traffic } from '../../model/traffic.ts';
import type { Capacity } from '../../throughput/capacityQuestion.ts';
import { SPEED_FIT } from '../../throughput/knowledge.ts';
import { freshTokens, tokensPerRequest } from '../../throughput/loadPoint.ts';
import { peakTflops } from '../../throughput/machine.ts';
import type { Speed } from '../../throughput/speed.ts';
import type { HostingQuestion } from './hostingQuestion.ts';
import type { SizedSelfHost } from './selfHost.ts';

/** The constants of the step-time model and the traffic of the checkpoint, said once for all fleets. */
export function modelTerms(sheet: TermSheet, question: HostingQuestion): void {
  const { model, checkpoint } = question.fit.base;
  const { demand } = question;
  const t = traffic(model, checkpoint);
  const source = model.architectureSource;
  sheet
    .input('stepTokens', 'tokens that one decode step adds to a sequence (no speculation)', 'token/request', 1, 'kplan')
    .formula('stepsPerRequest', 'decode steps of one request', '', demand.outputTokens, 'outputTokens / stepTokens')
    .input('fixedWeightBytes', 'weights that every step reads whole', 'B', t.fixedWeightBytes, checkpoint.source)
    .input('expertBytes', 'one routed expert of one layer', 'B', t.expertBytes, checkpoint.source)
    .input('expertLayers', 'layers with experts', '', t.expertLayers, source)
    .input('experts', 'routed experts of a layer', '', t.experts, source)
    .input('expertsPerToken', 'routed experts of a token', '', t.expertsPerToken, source)
    .input('decodeFlopsPerToken', 'matrix products of a decoded token', 'flop/token', t.decodeFlopsPerToken, source)
    .input('prefillFlopsPerToken', 'matrix products of a prompt token', 'flop/token', t.prefillFlopsPerToken, source)
    .input('layers', 'transformer layers', '', t.layers, source)
    .input('hiddenBytes', 'hidden state of a token in 16 bits', 'B/token', 2 * t.hiddenSize, source);
}

/** The step of a replica: what is read, computed and sent, at datasheet rates, times fitted coefficients. */
function stepTerms(sheet: TermSheet, side: SizedSelfHost, speed: Speed, capacity: Capacity): void {
  const { key: k, gpu, load } = side;
  const { checkpoint } = side.judged.deployment;
  const { layout } = side.judged.deployment;
  const { step, concurrency, anchor, ttftMs } = speed;
  const { work, logs, tpot } = step;
  const [launch = 0, weights = 0, kv = 0, compute = 0, prefill = 0, collectives = 0, sequences = 0] = tpot.parts.map((part) => part / 1000);
  const peak = peakTflops(gpu, checkpoint.format);
  const output = speed.outputTokensPerSecond.value;
  const fitted = (name: string, label: string, unit: Unit, place: number, scale = 1) => {
    sheet.input(`${k}_${name}`, label, unit, Math.exp(logs[place] ?? 0) * scale, SPEED_FIT);
  };
  sheet
    .input(`${k}_concurrency`, 'sequences in flight', 'request', concurrency, 'kplan')
    .input(`${k}_tp`, 'ways in which a stage splits the dense weights', '', layout.tp, 'kplan')
    .input(`${k}_ranks`, 'ranks of a stage', '', stageRanks(layout), 'kplan')
    .input(`${k}_stages`, 'pipeline stages', '', layout.pp, 'kplan')
    .input(
      `${k}_bandwidth`,
      `memory bandwidth of one ${gpu.name}`,
      'B/s',
      (gpu.memoryBandwidthGBPerSecond?.value ?? 0) * 1e9,
      gpu.memoryBandwidthGBPerSecond?.source ?? '',
    )
    .input(`${k}_peak`, `peak of ${gpu.name} for ${checkpoint.format}`, 'flop/s/GPU', (peak?.value ?? 0) * 1e12, peak?.source ?? '')
    .input(
      `${k}_attentionPeak`,
      `BF16 peak of ${gpu.name}, for attention`,
      'flop/s/GPU',
      (gpu.bf16DenseTflops?.value ?? 0) * 1e12,
      gpu.bf16DenseTflops?.source ?? '',
    );
  fitted('launchTime', 'fitted time to launch a layer', 's', 0, 1e-3);
  fitted('weightFactor', 'fitted time to read weights, over the datasheet', '', 1);
  fitted('kvFactor', 'fitted time to read the KV cache, over the datasheet', '', 2);
  fitted('computeFactor', 'fitted time to compute a step, over the datasheet', '', 3);
  fitted('prefillFactor', 'fitted time to compute prompts, over the datasheet', '', 4);
  fitted('sequenceTime', 'fitted time for each sequence of a step', 's/request', 6, 1e-3);
  sheet
    .formula(`${k}_freshTokens`, 'input tokens to compute', 'token/request', freshTokens(load), `inputTokens * (1 - ${k}_reuse)`)
    .formula(
      `${k}_distinctExperts`,
      'distinct experts that a step reads in a layer',
      '',
      work.distinctExperts,
      work.distinctExperts === 0
        ? '0'
        : `experts * (1 - (1 - expertsPerToken / experts) ^ max(${k}_concurrency * stepTokens / ${k}_stages / (1 token), 1))`,
    )
    .formula(
      `${k}_weightBytes`,
      'weights read per GPU and step',
      'B',
      work.weightBytesPerGpu,
      `fixedWeightBytes / ${k}_tp + expertLayers * ${k}_distinctExperts * expertBytes / ${k}_ranks`,
    )
    .input(`${k}_kvBytes`, 'KV cache read per GPU and step', 'B', work.kvBytesPerGpu, 'kplan')
    .input(`${k}_decodeFlops`, 'products of weights for the decoded tokens of a step', 'flop', work.decodeFlops, 'kplan')
    .input(`${k}_decodeAttentionFlops`, 'attention of those tokens', 'flop', work.decodeAttentionFlops, 'kplan')
    .input(`${k}_promptFlops`, 'products of weights for the prompt of one request', 'flop/request', work.promptFlops, 'kplan')
    .input(`${k}_promptAttentionFlops`, 'attention of that prompt', 'flop/request', work.promptAttentionFlops, 'kplan')
    .formula(`${k}_launchSeconds`, 'launching the kernels', 's', launch, `layers * ${k}_launchTime`)
    .formula(`${k}_weightSeconds`, 'reading weights', 's', weights, `${k}_weightFactor * ${k}_weightBytes / ${k}_bandwidth`)
    .formula(`${k}_kvSeconds`, 'reading the KV cache', 's', kv, `${k}_kvFactor * ${k}_kvBytes / ${k}_bandwidth`)
    .formula(
      `${k}_computeSeconds`,
      'computing the step',
      's',
      compute,
      `${k}_computeFactor * (${k}_decodeFlops / ${k}_peak + ${k}_decodeAttentionFlops / ${k}_attentionPeak) / ${k}_gpusPerReplica`,
    )
    .formula(
      `${k}_prefillSeconds`,
      'computing prompts of others beside it',
      's',
      prefill,
      `${k}_prefillFactor * (${k}_concurrency - (1 request)) / stepsPerRequest * (${k}_promptFlops / ${k}_peak + ${k}_promptAttentionFlops / ${k}_attentionPeak) / ${k}_gpusPerReplica`,
    )
    .input(`${k}_collectiveSeconds`, 'all-reduces, fitted', 's', collectives, SPEED_FIT)
    .formula(`${k}_sequenceSeconds`, 'sampling and scheduling', 's', sequences, `${k}_concurrency * ${k}_sequenceTime`)
    .formula(
      `${k}_modelledSeconds`,
      'time of one decode step, by the model',
      's',
      tpot.value / 1000,
      `max(${k}_launchSeconds + sqrt((${k}_weightSeconds + ${k}_kvSeconds) ^ 2 + ${k}_computeSeconds ^ 2) + ${k}_prefillSeconds + ${k}_collectiveSeconds + ${k}_sequenceSeconds, (${k}_weightBytes + ${k}_kvBytes) / ${k}_bandwidth, (${k}_decodeFlops / ${k}_peak + ${k}_decodeAttentionFlops / ${k}_attentionPeak) / ${k}_gpusPerReplica)`,
    )
    .lookup(`${k}_anchor`, 'measured over modelled time per token', '', anchor, capacity.method, speed.curve?.source ?? SPEED_FIT)
    .formula(
      `${k}_stepSeconds`,
      'time per output token of one sequence',
      's',
      through(speed.tpotMs, (ms) => ms / 1000),
      `${k}_anchor * ${k}_modelledSeconds`,
    )
    .input(
      `${k}_firstTokenSeconds`,
      'wait for the first token',
      's',
      through(ttftMs, (ms) => ms / 1000),
      speed.curve?.source ?? SPEED_FIT,
    )
    .formula(
      `${k}_outputTokensPerSecond`,
      'output of one replica',
      'token/s',
      output,
      `${k}_concurrency * outputTokens / (${k}_firstTokenSeconds + stepsPerRequest * ${k}_stepSeconds)`,
    );
}

/** How the requests per second of one replica came about; the sheet holds `<key>_reuse` and the lengths already. */
export function capacityTerms(sheet: TermSheet, side: SizedSelfHost): void {
  const { key: k, capacity, load, held } = side;
  const { requestsPerSecond } = capacity;
  sheet.input(`${k}_gpusPerReplica`, 'GPUs of one replica', 'GPU', replicaGpus(side.judged.deployment.layout), 'kplan');
  if (capacity.kind === 'assumed') {
    const tokens = tokensPerRequest(load);
    sheet
      .input(
        `${k}_tokensPerSecond`,
        'processed tokens of one replica',
        'token/s',
        through(requestsPerSecond, (requests) => requests * tokens),
        'user',
      )
      .formula(
        `${k}_requestsPerSecond`,
        'requests of one replica',
        'request/s',
        requestsPerSecond,
        `${k}_tokensPerSecond / tokensPerRequest`,
      );
    return;
  }
  if (capacity.speed) stepTerms(sheet, side, capacity.speed, capacity);
  if (held < 1)
    sheet.lookup(
      `${k}_held`,
      'share of what it could carry, beyond which it finds so little again that the asked time per token is passed',
      '',
      held,
      'highest rate that keeps it, by halving',
      SPEED_FIT,
    );
  sheet.formula(
    `${k}_requestsPerSecond`,
    'requests of one replica',
    'request/s',
    requestsPerSecond,
    held < 1 ? `${k}_held * ${k}_outputTokensPerSecond / outputTokens` : `${k}_outputTokensPerSecond / outputTokens`,
  );
}
