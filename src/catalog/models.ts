import type { z } from 'zod';
import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import type { Model } from '../model/model.ts';
import { checked } from './check.ts';
import type { Checked } from './dataFolder.ts';
import { contradictions } from './modelChecks.ts';
import { type modelFile, wholeModelFile } from './modelFile.ts';
import type { SourceBook } from './sourceBook.ts';

type ModelFile = Checked<z.output<typeof modelFile>>;
type Body = Readonly<Record<string, unknown>>;

const body = wholeModelFile.omit({ sources: true });

function isGroup(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a file says, laid over what its base says: groups of keys merge, everything else (lists and null too) replaces.
 *
 * @example merged({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: 3 }, d: [] }) // { a: { b: 3, c: 2 }, d: [] }
 */
export function merged(base: Body, own: Body): Body {
  const entries = Object.entries(own).map(([key, value]) => {
    const inherited = base[key];
    return [key, isGroup(inherited) && isGroup(value) ? merged(inherited, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

function chainOf(file: ModelFile, files: ReadonlyMap<string, ModelFile>, faults: Fault[]): ModelFile[] {
  const chain = [file];
  for (let at = file; at.content.extends !== undefined; ) {
    const base = files.get(at.content.extends);
    const details = { where: at.data.where(['extends']), value: at.content.extends };
    if (!base) {
      faults.push(new Fault('unknown', 'extends: no such model', { ...details, nearest: nearestNames(details.value, files.keys()) }));
      return chain;
    }
    if (chain.includes(base)) {
      faults.push(new Fault('contradiction', 'extends: a model extends itself', details));
      return chain;
    }
    chain.unshift(base);
    at = base;
  }
  return chain;
}

function whole(file: ModelFile, content: Body, faults: Fault[]): Model | undefined {
  const checkedBody = checked(body, { ...file.data, value: content }, faults);
  if (!checkedBody) return undefined;
  const model: Model = { id: file.id, ...checkedBody };
  for (const { code, path, reason, value, allowed } of contradictions(model)) {
    const details = { where: file.data.where(path), value, ...(allowed === undefined ? {} : { allowed }) };
    faults.push(new Fault(code, `${path.join('.')}: ${reason}`, details));
  }
  return model;
}

/**
 * The models of data/models with inheritance resolved; names and sources are never inherited, so an inherited figure keeps
 * pointing at the file that states it.
 */
export function resolveModels(files: readonly ModelFile[], book: SourceBook, faults: Fault[]): Model[] {
  const byId = new Map(files.map((file) => [file.id, file]));
  const qualified = new Map(files.map((file) => [file.id, book.qualify('models', file)]));
  return files.flatMap((file) => {
    const chain = chainOf(file, byId, faults);
    const layers = chain.map(({ id }) => {
      const { extends: _, ...own } = qualified.get(id) ?? {};
      return own as Body;
    });
    // A figure that is only stated of one model says nothing about its heirs.
    const content = layers.reduce((base, own) => {
      const { publishedParameters: _published, ...handedOn } = base;
      return merged(handedOn, own);
    }, {});
    return whole(file, content, faults) ?? [];
  });
}
