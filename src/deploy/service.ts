import { posix } from 'node:path';
import { Fault } from '../faults/fault.ts';
import { isLoopback } from './address.ts';
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

/** Where servers look for the account of the hub that they fetch from. */
export const HUB_TOKEN = 'HF_TOKEN';

const CACHE = '/models';

/** Where each engine's server fetches models to. */
function cacheVariable({ engine }: Subject): Pick<Variable, 'name' | 'value'> {
  return { name: engine === 'llama.cpp' ? 'LLAMA_CACHE' : 'HF_HOME', value: CACHE };
}

/** Folders of a container that are the system's own. */
const SYSTEM = /^\/(dev|proc|sys|etc|bin|sbin|lib|lib64|usr|boot|run)?(\/|$)/;

/** The folder of the model: that of a file, for the other parts lie beside it. */
function mountOf({ modelPath }: DeployOptions): ModelMount {
  if (modelPath === undefined) return { kind: 'cache', path: CACHE };
  const plain = posix.normalize(modelPath);
  const folder = /\.gguf$/i.test(plain) ? posix.dirname(plain) : plain.replace(/(?<=.)\/$/, '');
  if (!plain.startsWith('/') || plain.includes(':') || SYSTEM.test(folder))
    throw new Fault('invalid', 'a container mounts the model at an absolute path without a colon, and not over its own system', {
      where: '--model-path',
      value: modelPath,
      allowed: 'a path such as /models/kimi',
    });
  return { kind: 'path', path: folder };
}

/**
 * A launch made ready for containers.
 *
 * @throws Fault where no image or size is known, the path of the model cannot be mounted, or nobody would reach the API
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
  if (isLoopback(options.host))
    throw new Fault('contradiction', 'a container that listens on its own loopback is reached by nobody', {
      where: '--host',
      value: options.host,
      allowed: '0.0.0.0 in containers',
    });
  if (subject.checkpointBytes === 0)
    throw new Fault('missing', 'the size of the files is not known, so that no volume can be asked for', { where: 'the plan' });
  const modelMount = mountOf(options);
  return {
    name,
    subject,
    launch: { ...launch, program: launch.imageProgram },
    options,
    image: launch.image.name,
    environment: [...launch.environment, ...(modelMount.kind === 'cache' ? [cacheVariable(subject)] : [])],
    modelMount,
    sizing,
    replicas,
    leastReplicas,
  };
}
