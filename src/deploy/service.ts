import { Fault } from '../faults/fault.ts';
import type { DeployOptions } from './deployOptions.ts';
import type { Launch, Variable } from './launch.ts';
import type { Sizing } from './sizing.ts';
import type { Subject } from './subject.ts';

/** Where the model lies in a container: a folder of the machine at its own path, or a volume into which the server fetches it. */
export type ModelMount = { readonly kind: 'path'; readonly path: string } | { readonly kind: 'cache'; readonly path: string };

/** A launch that runs in containers, and how often. */
export interface Service {
  /** Name of the service and of all that belongs to it. */
  readonly name: string;
  readonly subject: Subject;
  readonly launch: Launch;
  readonly options: DeployOptions;
  readonly image: string;
  readonly environment: readonly Pick<Variable, 'name' | 'value'>[];
  readonly modelMount: ModelMount;
  readonly sizing: Sizing;
  readonly replicas: number;
  /** Replicas that must go on where nodes are drained. */
  readonly leastReplicas: number;
}

const CACHE = '/models';

/** Where each engine's server fetches models to. */
function cacheVariable({ engine }: Subject): Pick<Variable, 'name' | 'value'> {
  return { name: engine === 'llama.cpp' ? 'LLAMA_CACHE' : 'HF_HOME', value: CACHE };
}

function mountOf({ modelPath }: DeployOptions): ModelMount {
  if (modelPath === undefined) return { kind: 'cache', path: CACHE };
  if (!/^\/[^:]+$/.test(modelPath))
    throw new Fault('invalid', 'a container mounts the model at an absolute path without a colon', {
      where: '--model-path',
      value: modelPath,
      allowed: 'a path such as /models/kimi',
    });
  return { kind: 'path', path: modelPath };
}

/**
 * A launch made ready for containers.
 *
 * @throws Fault where no image is known, or the path of the model cannot be mounted
 */
export function serviceOf(
  name: string,
  subject: Subject,
  launch: Launch,
  options: DeployOptions,
  { sizing, replicas, leastReplicas }: Pick<Service, 'sizing' | 'replicas' | 'leastReplicas'>,
): Service {
  if (launch.image === null)
    throw new Fault(
      'missing',
      `no image of ${launch.release.launch.name}${subject.version === null ? '' : ` ${subject.version}`} for ${subject.gpu?.name ?? 'CPUs'} is known`,
      {
        where: '--image',
        allowed: 'an image of exactly this release',
      },
    );
  const modelMount = mountOf(options);
  return {
    name,
    subject,
    launch,
    options,
    image: launch.image.name,
    environment: [...launch.environment, ...(modelMount.kind === 'cache' ? [cacheVariable(subject)] : [])],
    modelMount,
    sizing,
    replicas,
    leastReplicas,
  };
}
