import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { loadCatalog, loadLaunch } from '../../src/catalog/index.ts';
import { resolveLaunch } from '../../src/catalog/launchFacts.ts';

const DATA = fileURLToPath(new URL('../../data', import.meta.url));
const { models } = loadCatalog();
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Resolves the data with one text of a file changed. */
function changed(file: string, from: string, to: string): () => unknown {
  const folder = mkdtempSync(join(tmpdir(), 'kplan-launch-'));
  folders.push(folder);
  for (const part of ['launch', 'vendor-apis.yaml']) cpSync(join(DATA, part), join(folder, part), { recursive: true });
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
  return () => resolveLaunch(folder, models);
}

describe('facts on command lines', () => {
  it('are what is compiled', () => {
    expect(resolveLaunch(DATA, models)).toEqual(loadLaunch());
  });

  it('name for each flag a source that exists', () => {
    const { engines, sources } = loadLaunch();
    for (const { flags, settings, variables, images } of Object.values(engines))
      for (const { source } of [...flags, ...settings, ...variables, ...images]) expect(sources).toHaveProperty([source]);
  });

  it('are no part of the catalog that every command loads', () => {
    expect(Object.keys(loadCatalog().sources).filter((id) => id.startsWith('launch/'))).toEqual([]);
  });

  it.each([
    ['launch/vllm.yaml', 'id: pp, flag', 'id: tp, flag', /another flag of this id/],
    ['launch/vllm.yaml', 'value: flydsl\n    when', 'value: flydsql\n    when', /no value of --moe-backend/],
    ['launch/vllm.yaml', 'models: [kimi-k2-thinking] }\n    why', 'models: [kimi-k2-thinkin] }\n    why', /kimi-k2-thinking/],
    ['launch/vllm.yaml', 'model: kimi-k2.5, repository', 'model: kimi-k2.55, repository', /drafts\.0: no such model.*kimi-k2\.5/],
    ['launch/sglang.yaml', 'id: metrics\n    when', 'id: metrics\n    value: yes\n    when', /--enable-metrics is a switch/],
    ['launch/sglang.yaml', '--tp-size', '-tp', /a flag in full/],
    ['launch/sglang.yaml', 'id: quantisation\n', 'id: quantization\n', /no flag has this id/],
    ['vendor-apis.yaml', 'models: [kimi-k2.7-code]', 'models: [kimi-k9]', /kimi-k9/],
  ])('%s: %s → %s is refused', (file, from, to, message) => {
    expect(changed(file, from, to)).toThrow(message);
  });
});
