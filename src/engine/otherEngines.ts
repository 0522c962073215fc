/** Engines that serve these models too and that kplan does not model, by how they are called. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  'TensorRT-LLM': ['tensorrt-llm', 'tensorrt_llm', 'tensorrtllm', 'trtllm', 'trt-llm', 'trt'],
  ATOM: ['atom', 'rocm-atom'],
  Dynamo: ['dynamo', 'ai-dynamo'],
  'llm-d': ['llm-d', 'llmd'],
  LMDeploy: ['lmdeploy'],
  'text-generation-inference': ['tgi', 'text-generation-inference'],
  MLX: ['mlx', 'mlx-lm'],
  Ollama: ['ollama'],
};

/**
 * Why an engine that people do use is not taken; null where none is called so.
 *
 * @example otherEngine('trtllm') // 'TensorRT-LLM is not modelled: what it takes of memory and which flags each release has is not known here'
 */
export function otherEngine(name: string): string | null {
  const [found] = Object.entries(OTHERS).find(([, names]) => names.includes(name)) ?? [];
  return found === undefined
    ? null
    : `${found} is not modelled: what it takes of memory and which flags each release has is not known here`;
}
