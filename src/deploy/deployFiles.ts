import { Fault } from '../faults/fault.ts';
import type { Client } from './clients/client.ts';
import { clientScript } from './clients/clientScript.ts';
import { composeFile } from './compose.ts';
import { kubernetesFile } from './kubernetes/manifests.ts';
import type { Launch } from './launch.ts';
import { launchScript } from './launchScript.ts';
import type { Banner } from './notes.ts';
import type { Service } from './service.ts';

/** A file of a deployment. */
export interface DeployFile {
  readonly name: string;
  readonly content: string;
}

/** A service for containers, or why there is none. */
export function serviceOrFault(make: () => Service): Service | Fault {
  try {
    return make();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** All files of a deployment; none for containers where there is no service for them. */
export function deployFiles(
  launch: Launch,
  service: Service | Fault,
  { clients, calibrate, banner }: { readonly clients: readonly Client[]; readonly calibrate: readonly string[]; readonly banner: Banner },
): DeployFile[] {
  const containers =
    service instanceof Fault
      ? []
      : [
          { name: 'compose.yaml', content: composeFile(service, banner) },
          { name: 'kubernetes.yaml', content: kubernetesFile(service, banner) },
        ];
  return [
    { name: 'launch.sh', content: launchScript(launch, banner) },
    ...containers,
    { name: 'clients.sh', content: clientScript(clients, calibrate, banner) },
  ];
}
