import type { Banner } from '../notes.ts';
import type { Service } from '../service.ts';
import { yamlText } from '../yamlText.ts';
import { claimName, hubSecret, modelClaim } from './volume.ts';
import { apiService, deployment, disruptionBudget, leaderWorkerSet } from './workload.ts';

/** What the cluster must have that manifests cannot bring. */
function clusterNotes({ name, launch, modelMount, replicas }: Service, hasBudget: boolean): string[] {
  return [
    ...(modelMount.kind === 'path'
      ? [`The claim ${claimName(name)} must hold the files of the model`]
      : [
          `The first pod fetches the model into the claim ${claimName(name)}; the start-up probe counts that too`,
          `A repository that asks for an account needs the Secret ${hubSecret(name)} with its token under the key token`,
        ]),
    ...(launch.nodes.nodes > 1 ? ['The cluster needs LeaderWorkerSet, and between nodes RDMA resources, whose names it alone knows'] : []),
    ...(hasBudget
      ? []
      : [`No PodDisruptionBudget: with ${replicas === 1 ? 'one replica' : `${replicas} replicas`} to keep it would block every drain`]),
  ];
}

/** A plan as Kubernetes manifests: Deployment where a replica is one node, LeaderWorkerSet where it is several. */
export function kubernetesFile(of: Service, banner: Banner): string {
  const workload = of.launch.nodes.nodes > 1 ? leaderWorkerSet(of) : deployment(of);
  const budget = disruptionBudget(of);
  const notes = [...banner.notes, ...clusterNotes(of, budget.length > 0)];
  return yamlText([modelClaim(of), workload, apiService(of), ...budget], { ...banner, notes });
}
