import type { Origin } from '../../evidence/term.ts';
import { type Term, TermSheet } from '../../evidence/term.ts';
import type { ExpertsPlan, ExpertsQuestion } from './offloadExperts.ts';
import { routedExpertBytes } from './offloadExperts.ts';
import { type LayerPlan, type LayerQuestion, ramNeeded, total } from './offloadLayers.ts';
import { expertBytesOf, fileBytesOf } from './offloadWeights.ts';

/**
 * How the figures of a layer plan came about: what the file holds, what lies on the GPUs, what is left for RAM.
 *
 * @param file where the size of the file is written
 */
export function layerTerms(question: LayerQuestion, plan: LayerPlan, file: Origin): Term[] {
  const { engine, architecture, weights, kvBytes } = question;
  const fileBytes = fileBytesOf(weights, architecture);
  const experts = expertBytesOf(weights);
  const copied = architecture.tiedEmbeddings ? weights.headBytes : 0;
  const where = plan.kind === 'experts' ? `with the experts of ${plan.onGpus} of ${plan.of} layers` : `${plan.onGpus} of ${plan.of} layers`;
  return new TermSheet()
    .input('fileBytes', 'the file', 'B', fileBytes, file)
    .input('restBytes', 'tensors beside routed experts', 'B', fileBytes - experts, engine.restEncoding.source)
    .formula('expertBytes', 'routed experts of all layers', 'B', experts, 'fileBytes - restBytes')
    .input('copiedBytes', 'head that is a copy of the embedding table', 'B', copied, 'kplan')
    .input('visionBytes', 'vision encoder, a file of its own', 'B', weights.visionBytes, 'kplan')
    .input('gpuWeightBytes', `weights on the GPUs, ${where}`, 'B', plan.gpuWeightBytes, 'kplan')
    .formula(
      'ramWeightBytes',
      'weights in RAM',
      'B',
      plan.ramWeightBytes,
      'restBytes + expertBytes + copiedBytes + visionBytes - gpuWeightBytes',
    )
    .input('kvBytes', 'KV cache of all layers', 'B', total(kvBytes), engine.latentStoredOnce.source)
    .input('gpuKvBytes', 'KV cache on the GPUs', 'B', plan.gpuKvBytes, 'kplan')
    .formula('ramKvBytes', 'KV cache in RAM', 'B', plan.ramKvBytes, 'kvBytes - gpuKvBytes')
    .input('ramOverheadBytes', 'RAM beside weights and KV cache', 'B', plan.ramOverheadBytes, engine.hostReserveGB.source)
    .formula('ramNeededBytes', 'RAM needed', 'B', ramNeeded(plan), 'ramWeightBytes + ramKvBytes + ramOverheadBytes').terms;
}

/** How the figures of an experts plan came about, for one GPU and for RAM. */
export function expertTerms(question: ExpertsQuestion, plan: ExpertsPlan): Term[] {
  const { engine, deployment, gpuExperts } = question;
  const routed = routedExpertBytes(deployment);
  const perExpert = routed / plan.of / deployment.layout.tp;
  return new TermSheet()
    .input('routedBytes', 'routed experts of all layers', 'B', routed, deployment.checkpoint.source)
    .input('experts', 'experts of a layer', '', plan.of, deployment.model.architectureSource)
    .input('gpus', 'GPUs', '', deployment.layout.tp, 'user')
    .input('gpuExperts', 'experts of each layer on the GPUs', '', plan.gpuExperts, gpuExperts === null ? 'kplan' : 'user')
    .formula('bytesPerExpert', 'one expert of every layer, share of one GPU', 'B', perExpert, 'routedBytes / experts / gpus')
    .input('restBytes', 'everything else on one GPU', 'B', plan.gpuWeightBytes - plan.gpuExperts * perExpert, deployment.checkpoint.source)
    .formula('gpuWeightBytes', 'weights on one GPU', 'B', plan.gpuWeightBytes, 'restBytes + gpuExperts * bytesPerExpert')
    .input('kvBytes', 'KV cache on one GPU', 'B', plan.gpuKvBytes, deployment.model.architectureSource)
    .input('gpuOverheadBytes', 'one GPU beside weights and KV cache', 'B', plan.gpuOverheadBytes, engine.gpuReserveGB.source)
    .formula(
      'gpuNeededBytes',
      'needed on one GPU',
      'B',
      plan.gpuWeightBytes + plan.gpuKvBytes + plan.gpuOverheadBytes,
      'gpuWeightBytes + kvBytes + gpuOverheadBytes',
    )
    .input('ramOverheadBytes', 'RAM beside the experts', 'B', plan.ramOverheadBytes, engine.hostReserveGB.source)
    .formula('ramNeededBytes', 'RAM needed', 'B', routed + plan.ramOverheadBytes, 'routedBytes + ramOverheadBytes').terms;
}
