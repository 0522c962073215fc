import type { Service } from '../service.ts';
import { podTemplate } from './pod.ts';

/** Kubernetes gives up on a rollout after this; the default is shorter than a load. */
const BESIDE_STARTUP_SECONDS = 300;

/** Replicas of one node each; a new one starts only where an old one has given its GPUs back. */
export function deployment(of: Service): object {
  const { name, replicas, sizing } = of;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      progressDeadlineSeconds: sizing.startupSeconds + BESIDE_STARTUP_SECONDS,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      selector: { matchLabels: { 'app.kubernetes.io/name': name } },
      template: podTemplate(of, 'only'),
    },
  };
}

/** Replicas of several nodes each: a group of pods that starts and fails as one. */
export function leaderWorkerSet(of: Service): object {
  const { name, replicas, launch } = of;
  return {
    apiVersion: 'leaderworkerset.x-k8s.io/v1',
    kind: 'LeaderWorkerSet',
    metadata: { name },
    spec: {
      replicas,
      startupPolicy: 'LeaderCreated',
      rolloutStrategy: { type: 'RollingUpdate', rollingUpdateConfiguration: { maxSurge: 0, maxUnavailable: 1 } },
      leaderWorkerTemplate: {
        size: launch.nodes.nodes,
        restartPolicy: 'RecreateGroupOnPodRestart',
        leaderTemplate: podTemplate(of, 'head'),
        workerTemplate: podTemplate(of, 'worker'),
      },
    },
  };
}

/** The API: of every pod, or of the first pod of every group. */
export function apiService({ name, options, launch }: Service): object {
  const selector = { 'app.kubernetes.io/name': name, ...(launch.nodes.nodes > 1 ? { role: 'leader' } : {}) };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector, ports: [{ name: 'api', port: options.port, targetPort: 'api' }] },
  };
}

/**
 * Keeps drains from taking more replicas than the load spares: each pod that goes may be one of another replica, and takes all of it down, so
 * `pods - (replicas - least)` must stay; none where that would be every pod or no drain at all.
 */
export function disruptionBudget({ name, leastReplicas, replicas, launch }: Service): object[] {
  if (leastReplicas < 1 || leastReplicas >= replicas) return [];
  return [
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name },
      spec: {
        minAvailable: replicas * launch.nodes.nodes - (replicas - leastReplicas),
        selector: { matchLabels: { 'app.kubernetes.io/name': name } },
      },
    },
  ];
}
