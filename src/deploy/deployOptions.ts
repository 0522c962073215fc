/** What a launch is asked beside its plan. */
export interface DeployOptions {
  /** Folder or file of the model on the machine or in the container; its repository where none is asked. */
  readonly modelPath?: string;
  /** Name by which the API knows the model. */
  readonly servedName: string;
  readonly host: string;
  readonly port: number;
  /** Container image; that of the release where none is asked. */
  readonly image?: string;
  /** Repository of the external draft; the published one where none is asked. */
  readonly draftModel?: string;
  /** Gathers the nodes with Ray also where the engine does not need it. */
  readonly ray: boolean;
  /** Cores and NUMA nodes of a host that computes experts. */
  readonly cores?: number;
  readonly numaNodes?: number;
}
