import type { EndpointFacts } from '../calibration/probe/endpointFacts.ts';
import { resolveRelease } from '../engine/release.ts';
import { compareVersions } from '../engine/version.ts';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';

/** The engine of an endpoint as `--engine` takes it, and what contradicts what was stated. */
export interface EndpointEngine {
  /** undefined where neither the user nor the endpoint names one. */
  readonly engine: string | undefined;
  readonly notes: readonly string[];
}

/** A router before engines of any kind. */
const ROUTER = 'dynamo';

/**
 * The engine behind an endpoint: as the endpoint says, else as stated. Of two versions that of the endpoint counts, with a note.
 *
 * @throws Fault `contradiction` where the user states another engine than answers, `unsupported` where an engine answers that no fit is of
 */
export function endpointEngine(
  { engine: stated, gpu }: { readonly engine?: string; readonly gpu?: string },
  { server, engineVersion }: Pick<EndpointFacts, 'server' | 'engineVersion'>,
  { engines }: Pick<Catalog, 'engines'>,
): EndpointEngine {
  const release = stated === undefined ? null : resolveRelease(engines, stated);
  if (server === null || server === ROUTER) return { engine: stated, notes: [] };
  if (release && release.engine.id !== server)
    throw new Fault('contradiction', `the endpoint says that ${server} answers`, {
      where: '--engine',
      value: stated ?? '',
      allowed: `${server}, or nothing`,
    });
  if (!engines.some(({ id }) => id === server)) {
    if (gpu === undefined) return { engine: stated, notes: [] };
    throw new Fault('unsupported', `the endpoint says that ${server} answers, which nothing can be fitted to`, {
      where: '--gpu',
      value: gpu,
      allowed: `${engines.map(({ id }) => id).join(' or ')} behind the endpoint; without --gpu it is measured alone`,
    });
  }
  const version = /^v?(\d+\.\d+\.\d+)/.exec(engineVersion ?? '')?.[1];
  if (version === undefined) return { engine: stated ?? server, notes: [] };
  const other = stated?.includes('@') === true && release !== null && compareVersions(release.version, version) !== 0;
  return {
    engine: `${server}@${version}`,
    notes: other ? [`the endpoint says that it is ${server} ${version}, and ${stated} was stated: ${version} counts`] : [],
  };
}
