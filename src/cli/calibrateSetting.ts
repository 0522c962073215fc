import { realClock } from '../calibration/client/clock.ts';
import type { Endpoint } from '../calibration/client/endpoint.ts';
import { endpointUrl } from '../calibration/client/endpointUrl.ts';
import { keyFrom } from '../calibration/client/key.ts';
import { readPage } from '../calibration/client/readPage.ts';
import { type Redact, redactor } from '../calibration/client/secrets.ts';
import { DEFAULT_TIMEOUTS, PROBE_TIMEOUTS } from '../calibration/client/timeouts.ts';
import type { Ways } from '../calibration/client/ways.ts';
import { type Ladder, ladderOf } from '../calibration/ladder/ladder.ts';
import { type Probe, probe } from '../calibration/probe/probe.ts';
import { takesFullLength } from '../calibration/run/fullLength.ts';
import type { Tariff } from '../cost/tariff.ts';
import { Fault } from '../faults/fault.ts';
import { lookupName } from '../faults/nearest.ts';
import type { Catalog } from '../plan/catalog.ts';
import { otherTariff, type StatedDeployment, statedDeployment } from './calibrateDeployment.ts';
import type { CalibrateOptions } from './calibrateOptions.ts';
import { type CalibrateQuery, calibrateQueryOf } from './calibrateQuery.ts';
import type { Interruption } from './interruption.ts';
import type { Io } from './io.ts';
import { catalogWith } from './modelCatalog.ts';

const KEY_VARIABLE = 'KPLAN_KEY';

/** Everything that a run needs of its surroundings. */
export interface Setting {
  readonly endpoint: Endpoint;
  readonly ways: Ways;
  /** Aborted where the user wants it to end. */
  readonly stop: AbortSignal;
  readonly probe: Probe;
  readonly redact: Redact;
  readonly tariff: Tariff | null;
  readonly stated: StatedDeployment | null;
  readonly catalog: Catalog;
  readonly ladder: Ladder;
  readonly query: CalibrateQuery;
  readonly seed: number;
  /** Whether it is asked for answers of full length. */
  readonly fullLength: boolean;
  /** What the user should know before it begins, and with the answer. */
  readonly warnings: readonly string[];
}

/** The key of an endpoint, and what takes it out of texts. */
export interface Secret {
  readonly key: string | null;
  readonly redact: Redact;
}

/** The variable that holds the key: as named, else the usual one where it is set and no file is named. */
export function keyVariable({ keyEnv, keyFile }: Pick<CalibrateOptions, 'keyEnv' | 'keyFile'>): string | undefined {
  if (keyEnv !== undefined || keyFile !== undefined) return keyEnv;
  return process.env[KEY_VARIABLE] === undefined ? undefined : KEY_VARIABLE;
}

/** The key of the endpoint, from its variable or file. */
export function secretOf(options: CalibrateOptions, io: Io): Secret {
  const found = keyFrom({ env: keyVariable(options), file: options.keyFile });
  if (found?.note) io.warn(`kplan: ${found.note}\n`);
  const key = found?.key ?? null;
  return { key, redact: redactor(key === null ? [] : [key]) };
}

/** The model to ask for: as named, else the only one. */
function modelOf({ serves }: CalibrateOptions, { facts }: Probe, url: string): string {
  const offered = facts.models.map(({ id }) => id);
  if (serves !== undefined) {
    if (offered.length === 0 || offered.includes(serves)) return serves;
    throw new Fault('unavailable', 'the endpoint does not offer this model', {
      where: '--serves',
      value: serves,
      allowed: offered.join(', '),
    });
  }
  const [only, ...others] = offered;
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined)
    throw new Fault('unavailable', 'the endpoint names no model', { where: url, allowed: 'an address with /v1/models, or --serves NAME' });
  throw new Fault('missing', 'the endpoint offers several models', { where: '--serves', allowed: offered.slice(0, 20).join(', ') });
}

function checkReachable({ statuses, facts }: Probe, url: string): void {
  const seen = Object.values(statuses);
  if ([401, 403].includes(statuses['/v1/models'] ?? 0) && facts.models.length === 0)
    throw new Fault('unavailable', 'the endpoint does not take the key', {
      where: url,
      allowed: `a key in ${KEY_VARIABLE}, --key-env or --key-file`,
    });
  if (seen.every((status) => status === null))
    throw new Fault('unavailable', facts.notes[0] ?? 'the endpoint does not answer', { where: url, allowed: 'an endpoint that answers' });
}

async function probed(endpoint: Omit<Endpoint, 'model'>, ways: Ways, model: string | undefined): Promise<Probe> {
  let silent: string | null = null;
  return probe(async (path) => {
    if (silent !== null) throw new Error(silent);
    const page = await readPage(endpoint, path.replace(/^\//, ''), ways);
    if (page.status === null) {
      // An endpoint that lets one page hang would let the others hang, too.
      const { code, message } = page.failure ?? { code: 'refused', message: 'no answer' };
      if (code.endsWith('timeout')) silent = message;
      throw new Error(message);
    }
    return { status: page.status, body: page.text };
  }, model);
}

/** What is asked, of whom, and what it says of itself; faults where it cannot be used. */
export async function settingOf(
  url: string,
  options: CalibrateOptions,
  { key, redact }: Secret,
  hands: Interruption,
  io: Io,
): Promise<Setting> {
  const query = calibrateQueryOf(options);
  const address = endpointUrl(url);
  const ways: Ways = {
    clock: realClock,
    timeouts: DEFAULT_TIMEOUTS,
    signal: hands.abandon,
    ...(options.debug === true ? { trace: (line: string) => io.warn(`kplan: ${line}\n`) } : {}),
  };
  const { catalog } = await catalogWith(options.model, io);
  const tariffs = new Map(catalog.tariffs.map((tariff) => [tariff.id.toLowerCase(), tariff]));
  const tariff = options.tariff === undefined ? null : lookupName(tariffs, options.tariff, '--tariff', 'kplan data tariffs');
  if (query.limits.maxUsd !== null && tariff === null)
    throw new Fault('missing', 'no price is known, so nothing can be kept under the limit', {
      where: '--max-usd',
      value: query.limits.maxUsd,
      allowed: 'with --tariff',
    });
  const without = { url: address, protocol: query.protocol, key };
  const seen = await probed(without, { ...ways, timeouts: PROBE_TIMEOUTS, signal: hands.stop }, options.serves);
  checkReachable(seen, url);
  const model = modelOf(options, seen, url);
  const own = seen.facts.server === 'vllm' || seen.facts.server === 'sglang';
  return {
    endpoint: { ...without, model, ...(own ? { continuousUsage: true } : {}) },
    ways,
    stop: hands.stop,
    probe: seen,
    redact,
    tariff,
    stated: statedDeployment(options, model, seen.facts, catalog),
    catalog,
    ladder: ladderOf(query.ladder, seen.facts),
    query,
    warnings: otherTariff(tariff, model, options.model, catalog),
    fullLength: takesFullLength(seen.facts, query.protocol, options.engine !== undefined || options.gpu !== undefined),
    seed: query.seed ?? Math.floor(Date.now() / 1000),
  };
}
