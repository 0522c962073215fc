import type { StartupLog } from '../../importers/startupLog/startupLog.ts';
import type { Checkpoint, Model } from '../../model/model.ts';
import { formatNamed, modelNamed } from '../observed/catalogNames.ts';

/** The model of a log, and its checkpoint where the log tells which; else why not. */
export type LogModel =
  | { readonly model: Model; readonly checkpoint: Checkpoint; readonly assumed: readonly string[] }
  | { readonly model: Model; readonly checkpoint: null; readonly why: string }
  | { readonly model: null; readonly why: string };

/** Words of a name that say how it is stored or packed, and not what it is. */
const STORAGE =
  /^(?:nvfp4|mxfp4|fp[48]|int[48]|awq|gptq|bf16|fp16|w\d+a\d+|i?q\d\w*|ud|gguf|mtp|mix|quarot|dynamic|block|hf|kv|r4|iq\d\w*|hub|main)$/i;

/** What a path, a cache folder or a file name may mean as the name of a model, the most literal first. */
function namesIn(given: string): string[] {
  const [, owner, name] = /models--([\w.-]+?)--([\w.-]+)/.exec(given) ?? [];
  const last = given.split(/[\\/]/).filter(Boolean).at(-1) ?? '';
  const file = last.replace(/(?:-\d{5}-of-\d{5})?\.gguf$/i, '');
  const hub = owner === undefined ? [] : [`${owner}/${name}`];
  return [given, ...hub, file.replace('--', '/'), file.replace(/^.*--/, ''), file.trim().replace(/\s+/g, '-')];
}

/** A name with the words about storage at its end taken off, one more each time. */
function withoutStorage(name: string): string[] {
  const words = name.split('-');
  const shorter: string[] = [];
  while (words.length > 1 && STORAGE.test(words.at(-1) ?? '')) {
    words.pop();
    shorter.push(words.join('-'));
  }
  return shorter;
}

interface Found {
  readonly model: Model;
  readonly checkpoint: Checkpoint | null;
  /** Words about storage that had to be taken off the name. */
  readonly storage: string;
}

function named(models: readonly Model[], given: string): Found | null {
  const names = namesIn(given);
  for (const name of names) {
    const found = modelNamed(models, name);
    if (found) return { ...found, storage: '' };
  }
  for (const name of names.flatMap(withoutStorage)) {
    const found = modelNamed(models, name);
    if (found) return { model: found.model, checkpoint: null, storage: names.join(' ') };
  }
  return null;
}

/** The checkpoint in a format, where the model has exactly one. */
function inFormat({ checkpoints }: Model, format: string): Checkpoint | null {
  const exact = checkpoints.filter((checkpoint) => checkpoint.format === format);
  const found = exact.length > 0 ? exact : checkpoints.filter((checkpoint) => checkpoint.format.startsWith(`${format}-`));
  return found.length === 1 ? (found[0] ?? null) : null;
}

function chosen({ model, checkpoint, storage }: Found, { flags }: StartupLog): LogModel {
  if (checkpoint) return { model, checkpoint, assumed: [] };
  const said = flags.quantization ?? '';
  const format = formatNamed(`${said} ${storage}`);
  if (format === null && (said !== '' || /w\d+a\d+|[-_.]i?q\d/i.test(storage)))
    return { model, checkpoint: null, why: `how ${said || 'it'} stores ${model.name} is not in the catalog` };
  const wanted = format ?? model.defaultFormat;
  const found = inFormat(model, wanted);
  if (!found) return { model, checkpoint: null, why: `no checkpoint of ${model.name} in ${wanted} is in the catalog` };
  return { model, checkpoint: found, assumed: format === null ? [`the format is ${found.format}, the native one`] : [] };
}

/**
 * Tells the model and checkpoint of a log: a repository, or what a path or file name calls it.
 *
 * @param models the catalog's
 * @param asked what the user names instead
 */
export function logModel(
  log: StartupLog,
  models: readonly Model[],
  asked: { readonly model?: Model; readonly checkpoint?: Checkpoint } = {},
): LogModel {
  if (asked.model) {
    const { model, checkpoint } = asked;
    return checkpoint ? { model, checkpoint, assumed: [] } : chosen({ model, checkpoint: null, storage: log.model ?? '' }, log);
  }
  if (log.model === null) return { model: null, why: 'the log does not name the model: say which it is with --model' };
  const found = named(models, log.model);
  if (found) return chosen(found, log);
  const [, hub] = namesIn(log.model);
  const called = log.model.includes('models--') ? hub : log.model.split(/[\\/]/).slice(-2).join('/');
  return { model: null, why: `the catalog has no model called ${called}: give it with --model` };
}
