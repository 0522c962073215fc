import type { Service } from '../service.ts';

/** Name of the claim for the files of the model. */
export function claimName(name: string): string {
  return `${name}-model`;
}

/** Name of the secret that may hold the account of the hub. */
export function hubSecret(name: string): string {
  return `${name}-hub`;
}

/** The volume for the files of the model: of one node, or shared where several pods read it. */
export function modelClaim({ name, sizing, replicas, launch }: Service): object {
  const shared = replicas > 1 || launch.nodes.nodes > 1;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: claimName(name) },
    spec: {
      accessModes: [shared ? 'ReadWriteMany' : 'ReadWriteOnce'],
      resources: { requests: { storage: `${sizing.volumeGiB}Gi` } },
    },
  };
}
