import { Fault, inert } from '../../../faults/fault.ts';
import { readJson } from '../../shared/jsonDocument.ts';
import { endpointOf, type ImportEnvironment, isOffline, tokenOf } from '../environment.ts';
import { JsonGroup } from '../parse/jsonGroup.ts';
import { recorded } from './byteSource.ts';
import { type Cache, cacheOf } from './cache.ts';
import { type ModelFolder, orNull } from './modelFolder.ts';
import { rangeSource } from './rangeSource.ts';
import { type HubReference, isSafePath } from './reference.ts';
import { ask } from './request.ts';

/** What the hub says of a revision. */
interface Listing {
  readonly commit: string;
  readonly files: readonly string[];
}

const LARGEST_LISTING_BYTES = 2 ** 24;
const MOST_FILES = 50_000;
const COMMIT = /^[0-9a-f]{40}$|^[0-9a-f]{64}$/;

function listingOf(bytes: Uint8Array, name: string): Listing {
  const document = JsonGroup.of(readJson(bytes, { name, mostBytes: LARGEST_LISTING_BYTES }), name);
  const commit = document.text('sha');
  if (!COMMIT.test(commit)) throw new Fault('invalid', 'not a commit', { where: `${name}: sha`, value: commit });
  const files = document.groups('siblings', MOST_FILES).map((sibling) => sibling.text('rfilename'));
  return { commit, files: files.filter(isSafePath).sort() };
}

/** Asks the hub which commit a revision is now; a stored answer stands in where the hub cannot be reached or must not be asked. */
async function listing(reference: HubReference, cache: Cache, env: ImportEnvironment): Promise<Listing> {
  const { owner, name, revision } = reference;
  const file = `revisions/${revision.replaceAll('/', '__')}.json`;
  const label = `${owner}/${name}@${revision}`;
  const stored = await cache.whole(file, LARGEST_LISTING_BYTES);
  const known = stored && listingOf(stored, `stored listing of ${label}`);
  if (known && COMMIT.test(revision)) return known;
  if (isOffline(env)) {
    if (known) return said(known, 'HF_HUB_OFFLINE is set', label, env);
    throw new Fault('unavailable', 'no stored copy, and HF_HUB_OFFLINE forbids to fetch one', { where: `hf:${label}` });
  }
  const url = new URL(`${endpointOf(env)}/api/models/${owner}/${name}/revision/${encodeURIComponent(revision)}`);
  try {
    const { body } = await ask({ url, token: tokenOf(env), hub: true, mostBytes: LARGEST_LISTING_BYTES }, env);
    const found = listingOf(body, `listing of ${label}`);
    await cache.keepWhole(file, body);
    return found;
  } catch (error) {
    if (!known || !(error instanceof Fault) || error.code !== 'unavailable') throw error;
    return said(known, error.message, label, env);
  }
}

/** What a promise brings; null where it ends in a fault. */
async function orFaulty<T>(work: Promise<T>): Promise<{ readonly value: T } | null> {
  try {
    return { value: await work };
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

function said(known: Listing, reason: string, label: string, env: ImportEnvironment): Listing {
  env.warn(`the stored copy of ${label} is used, commit ${known.commit.slice(0, 12)}: ${inert(reason)}`);
  return known;
}

/**
 * A repository of the hub at one commit; what is read of it is kept, so that it is there without a network.
 *
 * @throws Fault as `ask`; `unavailable` where there is neither network nor stored copy
 */
export async function hubFolder(reference: HubReference, env: ImportEnvironment): Promise<ModelFolder> {
  const { owner, name } = reference;
  const endpoint = endpointOf(env);
  const host = new URL(endpoint).host.replace(/[^A-Za-z0-9.-]/g, '_');
  const repository = `hub/${host}/${owner}/${name}`;
  const { commit, files } = await listing(reference, cacheOf(repository, env), env);
  const cache = cacheOf(`${repository}/${commit}`, env);
  const has = (file: string) => files.includes(file);
  const urlOf = (file: string) =>
    new URL(`${endpoint}/${owner}/${name}/resolve/${commit}/${file.split('/').map(encodeURIComponent).join('/')}`);
  const forbidOffline = (file: string) => {
    if (isOffline(env)) throw new Fault('unavailable', 'no stored copy', { where: `hf:${owner}/${name}/${file}` });
  };
  return {
    name: `${owner}/${name}`,
    commit,
    files,
    whole: async (file, mostBytes) => {
      if (!has(file)) return null;
      const stored = await cache.whole(file, mostBytes);
      if (stored) return stored;
      forbidOffline(file);
      const body = await orNull(ask({ url: urlOf(file), token: tokenOf(env), hub: true, mostBytes }, env).then((answer) => answer.body));
      if (body) await cache.keepWhole(file, body);
      return body;
    },
    part: async (file, parse) => {
      if (!has(file)) return null;
      const stored = await cache.beginning(file);
      if (stored && isOffline(env)) return parse(stored);
      // A copy that cannot be read is fetched again.
      const known = stored && (await orFaulty(parse(stored)));
      if (known) return known.value;
      forbidOffline(file);
      const source = recorded(await rangeSource(urlOf(file), env, { token: tokenOf(env), hub: true }));
      const parsed = await parse(source);
      await cache.keepBeginning(file, source.prefix(), source.byteLength);
      return parsed;
    },
  };
}
