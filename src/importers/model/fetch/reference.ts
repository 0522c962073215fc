import { Fault } from '../../../faults/fault.ts';

/** A repository of the hub, and the part of it that was asked for. */
export interface HubReference {
  readonly kind: 'hub';
  readonly owner: string;
  readonly name: string;
  readonly revision: string;
  /** A file or folder inside, such as one of several GGUF mixes; empty for the whole. */
  readonly path: string;
}

/** Files at an address: one file, or a folder of them. */
export interface AddressReference {
  readonly kind: 'address';
  /** The folder, ending in a slash. */
  readonly folder: string;
  /** The file in it; empty for the whole folder. */
  readonly file: string;
}

/** A file or folder on this machine. */
export interface LocalReference {
  readonly kind: 'local';
  readonly path: string;
}

export type ModelReference = HubReference | AddressReference | LocalReference;

const COMPONENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
const REVISION = /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,199}|refs\/(?:pr|convert)\/[A-Za-z0-9_-]{1,60})$/;
const ALLOWED = 'hf:OWNER/NAME[@REVISION][/FILE], an address of config.json, a .gguf or a folder, or a file or folder of this machine';

/** Whether a text is safe as one component of a path: no separator, no dot-dot, nothing hidden. */
export function isPathComponent(text: string): boolean {
  return COMPONENT.test(text) && !text.includes('..');
}

/** Whether a relative path of forward slashes consists of such components alone. */
export function isSafePath(path: string): boolean {
  return path.length <= 500 && path.split('/').every(isPathComponent);
}

function hubReference(owner: string, name: string, revision: string, path: string, typed: string, where: string): HubReference {
  const wrong = !isPathComponent(owner) || !isPathComponent(name) || !REVISION.test(revision) || revision.includes('..');
  if (wrong || (path !== '' && !isSafePath(path)))
    throw new Fault('invalid', 'not a repository of the hub', { where, value: typed, allowed: 'hf:OWNER/NAME[@REVISION][/FILE]' });
  return { kind: 'hub', owner, name, revision, path };
}

function readHub(typed: string, where: string): HubReference {
  const [, owner = '', name = '', revision = 'main', path = ''] =
    /^([^/@]*)\/([^/@]*)(?:@(refs\/[^/]*\/[^/]*|[^/]*))?(?:\/(.*))?$/.exec(typed.slice(3)) ?? [];
  return hubReference(owner, name, revision, path, typed, where);
}

/** A part of an address without its escapes; as it stands where they are broken. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** `https://hub/owner/name[/(resolve|blob|tree)/revision[/path]]` as the repository that it shows. */
function hubPage(url: URL, endpoint: string, where: string): HubReference | null {
  const hub = new URL(endpoint);
  const root = hub.pathname.replace(/\/$/, '');
  if (url.origin !== hub.origin || !url.pathname.startsWith(`${root}/`)) return null;
  const parts = url.pathname
    .slice(root.length + 1)
    .split('/')
    .filter((part) => part !== '');
  const [owner = '', name, view, revision = 'main', ...path] = parts;
  if (name === undefined || (view !== undefined && !['resolve', 'blob', 'tree'].includes(view))) return null;
  return hubReference(owner, name, decoded(revision), path.map(decoded).join('/'), url.pathname, where);
}

function readAddress(typed: string, endpoint: string, where: string): ModelReference {
  const url = URL.canParse(typed) ? new URL(typed) : null;
  if (!url || url.username || url.password)
    throw new Fault('invalid', 'not an address', { where, allowed: 'https://HOST/PATH without a name or password in it' });
  const page = hubPage(url, endpoint, where);
  if (page) return page;
  url.hash = '';
  const last = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  const isFile = /\.(?:json|gguf|safetensors)$/i.test(last);
  if (isFile) return { kind: 'address', folder: new URL('.', url).href, file: last + url.search };
  if (url.search) throw new Fault('unsupported', 'a folder with a query', { where, allowed: 'the address of a folder or a file' });
  return { kind: 'address', folder: url.href.endsWith('/') ? url.href : `${url.href}/`, file: '' };
}

/**
 * Reads what the user typed for a model that is not in the catalog.
 *
 * @param exists whether a path is there on this machine
 * @param endpoint address of the hub, whose pages are read as its repositories
 * @param where the option that holds the text
 * @throws Fault `unknown` for `owner/name`, which could be a path (suggests `hf:`), `missing` for a path that is not there, `invalid`
 * @example readReference('hf:zai-org/GLM-5@main', { exists: () => false, endpoint: 'https://huggingface.co', where: '--model' }).name // 'GLM-5'
 */
export function readReference(
  typed: string,
  { exists, endpoint, where }: { readonly exists: (path: string) => boolean; readonly endpoint: string; readonly where: string },
): ModelReference {
  if (typed === '' || typed.length > 4096) throw new Fault('invalid', 'not a model', { where, value: typed, allowed: ALLOWED });
  if (typed.startsWith('hf:')) return readHub(typed, where);
  if (/^https?:\/\//i.test(typed)) return readAddress(typed, endpoint, where);
  if (exists(typed)) return { kind: 'local', path: typed };
  const [owner = '', name = '', ...rest] = typed.split('/');
  if (rest.length === 0 && isPathComponent(owner) && isPathComponent(name.replace(/@.*/, '')))
    throw new Fault('unknown', 'no such file or folder', { where, value: typed, allowed: ALLOWED, nearest: [`hf:${typed}`] });
  throw new Fault('missing', 'no such file or folder', { where, value: typed, allowed: ALLOWED });
}

/**
 * Whether a text names a model by where it lies, and not by its name in the catalog.
 *
 * @example isReference('hf:moonshotai/Kimi-K2.5') // true
 */
export function isReference(typed: string): boolean {
  return /^hf:|^https?:\/\/|[/\\]|^\.{1,2}$|\.(?:json|gguf|safetensors)$/i.test(typed);
}
