import type { Banner } from '../notes.ts';
import type { Service } from '../service.ts';
import { yamlText } from '../yamlText.ts';
import { modelClaim } from './volume.ts';
import { apiService, deployment, disruptionBudget, leaderWorkerSet } from './workload.ts';

/** A plan as Kubernetes manifests: Deployment where a replica is one node, LeaderWorkerSet where it is several. */
export function kubernetesFile(of: Service, banner: Banner): string {
  const workload = of.launch.nodes.nodes > 1 ? leaderWorkerSet(of) : deployment(of);
  return yamlText([modelClaim(of), workload, apiService(of), ...disruptionBudget(of)], banner);
}
