import type { Gpu } from '../../hardware/gpu.ts';
import { commandText, commandWords, type Role } from '../commandText.ts';
import { HUB_TOKEN, type Service } from '../service.ts';
import { PROBE_SECONDS } from '../sizing.ts';
import type { NodeVariables } from '../word.ts';
import { claimName, hubSecret } from './volume.ts';

/** Variables that LeaderWorkerSet sets in every container. */
const LWS_VARIABLES: NodeVariables = { leader: 'LWS_LEADER_ADDRESS', rank: 'LWS_WORKER_INDEX' };

/** Names under which device plugins offer GPUs. */
const RESOURCES: Readonly<Record<Gpu['vendor'], string>> = {
  nvidia: 'nvidia.com/gpu',
  amd: 'amd.com/gpu',
  intel: 'habana.ai/gaudi',
  google: 'google.com/tpu',
};

/** Kubernetes takes `$(NAME)` for a variable unless the dollar is doubled. */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}

function command({ launch }: Service, role: Role): readonly string[] {
  if (role === 'only')
    return commandWords(launch, role)
      .filter((word) => typeof word === 'string')
      .map(literal);
  const text = commandText(launch, role, { names: LWS_VARIABLES, script: launch.rayScript, exec: true });
  return ['/bin/sh', '-c', literal(`set -eu\n${text}\n`)];
}

function probes({ launch, sizing }: Service): object {
  const httpGet = { path: launch.release.launch.healthPath.value, port: 'api' };
  return {
    startupProbe: { httpGet, periodSeconds: PROBE_SECONDS, failureThreshold: sizing.startupSeconds / PROBE_SECONDS },
    readinessProbe: { httpGet, periodSeconds: 5, timeoutSeconds: 5 },
    livenessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 6 },
  };
}

function resources({ subject: { gpu }, launch, sizing: { memoryGiB } }: Service): object {
  const requests = memoryGiB === null ? {} : { requests: { memory: `${memoryGiB}Gi` } };
  const limits = gpu === null ? {} : { limits: { [RESOURCES[gpu.vendor]]: launch.nodes.gpusPerNode } };
  return memoryGiB === null && gpu === null ? {} : { resources: { ...requests, ...limits } };
}

/** The account of the hub, from a Secret that may be missing: gated repositories alone need it. */
function hubToken({ name, modelMount }: Service): object[] {
  if (modelMount.kind === 'path') return [];
  return [{ name: HUB_TOKEN, valueFrom: { secretKeyRef: { name: hubSecret(name), key: 'token', optional: true } } }];
}

function container(of: Service, role: Role): object {
  const { name, image, environment, options, subject, modelMount } = of;
  const { gpu } = subject;
  return {
    name,
    image,
    command: command(of, role),
    env: [...environment.map(({ name: variable, value }) => ({ name: variable, value: literal(value) })), ...hubToken(of)],
    ...(role === 'worker' ? {} : { ports: [{ name: 'api', containerPort: options.port }], ...probes(of) }),
    ...resources(of),
    ...(gpu?.vendor === 'amd'
      ? { securityContext: { capabilities: { add: ['SYS_PTRACE'] }, seccompProfile: { type: 'Unconfined' } } }
      : {}),
    volumeMounts: [
      { name: 'model', mountPath: modelMount.path, ...(modelMount.kind === 'path' ? { readOnly: true } : {}) },
      { name: 'shared-memory', mountPath: '/dev/shm' },
    ],
  };
}

/** The group video, which owns GPU devices on AMD nodes. */
const AMD_GROUPS = [44];

/** The pod of a role, as a template. */
export function podTemplate(of: Service, role: Role): { readonly metadata: object; readonly spec: object } {
  const { name, sizing, subject } = of;
  const { gpu } = subject;
  const labels = { 'app.kubernetes.io/name': name, ...(role === 'only' ? {} : { role: role === 'head' ? 'leader' : 'worker' }) };
  return {
    metadata: { labels },
    spec: {
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 120,
      ...(gpu === null ? {} : { tolerations: [{ key: RESOURCES[gpu.vendor], operator: 'Exists', effect: 'NoSchedule' }] }),
      ...(gpu?.vendor === 'amd' ? { hostIPC: true, securityContext: { supplementalGroups: AMD_GROUPS } } : {}),
      containers: [container(of, role)],
      volumes: [
        { name: 'model', persistentVolumeClaim: { claimName: claimName(name) } },
        { name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: `${sizing.sharedMemoryGiB}Gi` } },
      ],
    },
  };
}
