import { through } from '../../evidence/estimate.ts';
import type { TermSheet } from '../../evidence/term.ts';
import { replicaGpus, stageRanks } from '../../layout/layout.ts';
import { kvElementBytes } from '../../memory/kvLayers.ts';
import { traffic } from '../../model/traffic.ts';
import type { Capacity } from '../../throughput/capacityQuestion.ts';
import { freshTokens, meanContextTokens, tokensPerRequest } from '../../throughput/loadPoint.ts';
import { BANDWIDTH_SHARE, COMPUTE_SHARE, STEP_SECONDS, type StepTime } from '../../throughput/stepTime.ts';
import type { BreakEvenQuestion } from './breakEvenQuestion.ts';
import type { SizedSelfHost } from './selfHost.ts';

/** The constants of the step-time model and the traffic of the checkpoint, said once for all fleets. */
export function modelTerms(sheet: TermSheet, question: BreakEvenQuestion): void {
  const { model, checkpoint, kvCacheDtype } = question.fit.base;
  const { demand } = question;
  const t = traffic(model, checkpoint);
  const source = model.architectureSource;
  sheet
    .input('stepTokens', 'tokens that one decode step adds to a sequence (no speculation)', 'token/request', 1, 'kplan')
    .formula('stepsPerRequest', 'decode steps of one request', '', demand.outputTokens, 'outputTokens / stepTokens')
    .formula(
      'meanContextTokens',
      'KV tokens of a sequence in flight, on average',
      'token/request',
      meanContextTokens({ ...demand, reuse: 0 }),
      'inputTokens + outputTokens / 2',
    )
    .input('fixedWeightBytes', 'weights that every step reads whole', 'B', t.fixedWeightBytes, checkpoint.source)
    .input('expertBytes', 'one routed expert of one layer', 'B', t.expertBytes, checkpoint.source)
    .input('expertLayers', 'layers with experts', '', t.expertLayers, source)
    .input('experts', 'routed experts of a layer', '', t.experts, source)
    .input('expertsPerToken', 'routed experts of a token', '', t.expertsPerToken, source)
    .input('decodeFlopsPerToken', 'matrix products of a decoded token', 'flop/token', t.decodeFlopsPerToken, source)
    .input(
      'decodeFlopsPerContext',
      'attention of a decoded token over a token of context, absorbed',
      'flop request/token^2',
      t.decodeFlopsPerContextToken,
      source,
    )
    .input('prefillFlopsPerToken', 'matrix products of a prompt token', 'flop/token', t.prefillFlopsPerToken, source)
    .input(
      'prefillFlopsPerContext',
      'attention of a prompt token over a token of context',
      'flop request/token^2',
      t.prefillFlopsPerContextToken,
      source,
    )
    .input(
      'kvBytesPerToken',
      `KV cache of a token over all layers, ${kvCacheDtype}`,
      'B/token',
      t.kvElementsPerToken * kvElementBytes(kvCacheDtype),
      source,
    )
    .input('fixedStepSeconds', 'time of a step that neither bytes nor FLOPs explain', 's', STEP_SECONDS, 'kplan')
    .input('bandwidthShare', 'share of the datasheet bandwidth reached', '', BANDWIDTH_SHARE, 'kplan')
    .input('computeShare', 'share of the datasheet BF16 peak reached', '', COMPUTE_SHARE, 'kplan');
}

function stepTerms(sheet: TermSheet, side: SizedSelfHost, step: StepTime, capacity: Capacity): void {
  const { key: k, gpu, load } = side;
  const { layout } = side.judged.deployment;
  const perSecond = (capacity.anchor ?? 1) * (step.concurrency / step.seconds);
  sheet
    .input(`${k}_concurrency`, 'sequences in flight', 'request', step.concurrency, 'kplan')
    .input(`${k}_tp`, 'ways in which a stage splits the dense weights', '', layout.tp, 'kplan')
    .input(`${k}_ranks`, 'ranks of a stage', '', stageRanks(layout), 'kplan')
    .input(`${k}_stages`, 'pipeline stages', '', layout.pp, 'kplan')
    .input(`${k}_kvShards`, 'ranks that share the KV cache between them', '', layout.pp * layout.dcp * layout.attentionDp, 'kplan')
    .input(
      `${k}_bandwidth`,
      `memory bandwidth of one ${gpu.name}`,
      'B/s',
      (gpu.memoryBandwidthGBPerSecond?.value ?? 0) * 1e9,
      gpu.memoryBandwidthGBPerSecond?.source ?? '',
    )
    .input(
      `${k}_peak`,
      `BF16 peak of ${gpu.name}`,
      'flop/s/GPU',
      (gpu.bf16DenseTflops?.value ?? 0) * 1e12,
      gpu.bf16DenseTflops?.source ?? '',
    )
    .formula(`${k}_freshTokens`, 'input tokens to compute', 'token/request', freshTokens(load), `inputTokens * (1 - ${k}_reuse)`)
    .formula(
      `${k}_distinctExperts`,
      'distinct experts that a step reads in a layer',
      '',
      step.distinctExperts,
      `experts * (1 - (1 - expertsPerToken / experts) ^ (${k}_concurrency * stepTokens / ${k}_stages / (1 token)))`,
    )
    .formula(
      `${k}_weightBytes`,
      'weights read per GPU and step',
      'B',
      step.weightBytesPerGpu,
      `fixedWeightBytes / ${k}_tp + expertLayers * ${k}_distinctExperts * expertBytes / ${k}_ranks`,
    )
    .formula(
      `${k}_kvBytes`,
      'KV cache read per GPU and step',
      'B',
      step.kvBytesPerGpu,
      `${k}_concurrency * meanContextTokens * kvBytesPerToken / ${k}_kvShards`,
    )
    .formula(
      `${k}_memorySeconds`,
      'time to read them',
      's',
      step.memorySeconds,
      `(${k}_weightBytes + ${k}_kvBytes) / (bandwidthShare * ${k}_bandwidth)`,
    )
    .formula(
      `${k}_decodeFlops`,
      'FLOPs of the decoded tokens of a step',
      'flop',
      step.decodeFlops,
      `${k}_concurrency * stepTokens * (decodeFlopsPerToken + decodeFlopsPerContext * meanContextTokens)`,
    )
    .formula(
      `${k}_computeSeconds`,
      'time to compute them',
      's',
      step.computeSeconds,
      `${k}_decodeFlops / (computeShare * ${k}_peak * ${k}_gpusPerReplica)`,
    )
    .formula(
      `${k}_prefillTokens`,
      'prompt tokens computed beside a step',
      'token',
      step.prefillTokens,
      `${k}_concurrency * ${k}_freshTokens / stepsPerRequest`,
    )
    .formula(
      `${k}_prefillFlops`,
      'their FLOPs',
      'flop',
      step.prefillFlops,
      `${k}_prefillTokens * (prefillFlopsPerToken + prefillFlopsPerContext * (inputTokens - ${k}_freshTokens / 2))`,
    )
    .formula(
      `${k}_prefillSeconds`,
      'time to compute them',
      's',
      step.prefillSeconds,
      `${k}_prefillFlops / (computeShare * ${k}_peak * ${k}_gpusPerReplica)`,
    )
    .formula(
      `${k}_stepSeconds`,
      'time of one decode step, by the model',
      's',
      step.seconds,
      `fixedStepSeconds + max(${k}_memorySeconds, ${k}_computeSeconds) + ${k}_prefillSeconds`,
    )
    .lookup(`${k}_anchor`, 'measured over modelled throughput', '', capacity.anchor ?? 1, capacity.method, capacity.source)
    .formula(
      `${k}_outputTokensPerSecond`,
      'output of one replica',
      'token/s',
      perSecond,
      `${k}_anchor * ${k}_concurrency * stepTokens / ${k}_stepSeconds`,
    );
}

/** How the requests per second of one replica came about; the sheet holds `<key>_reuse` and the lengths already. */
export function capacityTerms(sheet: TermSheet, side: SizedSelfHost, question: BreakEvenQuestion): void {
  const { key: k, capacity, load } = side;
  const { outputTokens } = question.demand;
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
  if (capacity.step) stepTerms(sheet, side, capacity.step, capacity);
  else
    sheet.lookup(
      `${k}_outputTokensPerSecond`,
      'output of one replica',
      'token/s',
      requestsPerSecond.value * outputTokens,
      capacity.method,
      capacity.source,
    );
  sheet.formula(
    `${k}_requestsPerSecond`,
    'requests of one replica',
    'request/s',
    requestsPerSecond,
    `${k}_outputTokensPerSecond / outputTokens`,
  );
}
