import { describe, expect, it } from 'vitest';
import { isPathComponent, isReference, isSafePath, readReference } from '../../../src/importers/model/fetch/reference.ts';
import { faultOf } from './support/environment.ts';

const read = (typed: string, existing: readonly string[] = []) =>
  readReference(typed, { exists: (path) => existing.includes(path), endpoint: 'https://huggingface.co', where: '--model' });

const hub = (owner: string, name: string, revision = 'main', path = '') => ({ kind: 'hub', owner, name, revision, path });

describe('a reference', () => {
  it.each([
    ['hf:zai-org/GLM-5', hub('zai-org', 'GLM-5')],
    ['hf:zai-org/GLM-5@v1.0', hub('zai-org', 'GLM-5', 'v1.0')],
    ['hf:zai-org/GLM-5@refs/pr/3', hub('zai-org', 'GLM-5', 'refs/pr/3')],
    ['hf:unsloth/K-GGUF@main/Q4_K_M', hub('unsloth', 'K-GGUF', 'main', 'Q4_K_M')],
    ['hf:unsloth/K-GGUF/UD/a-00001-of-00002.gguf', hub('unsloth', 'K-GGUF', 'main', 'UD/a-00001-of-00002.gguf')],
    ['https://huggingface.co/zai-org/GLM-5', hub('zai-org', 'GLM-5')],
    ['https://huggingface.co/zai-org/GLM-5/tree/dev', hub('zai-org', 'GLM-5', 'dev')],
    ['https://huggingface.co/zai-org/GLM-5/resolve/main/config.json', hub('zai-org', 'GLM-5', 'main', 'config.json')],
    ['https://huggingface.co/zai-org/GLM-5/blob/refs%2Fpr%2F3/config.json', hub('zai-org', 'GLM-5', 'refs/pr/3', 'config.json')],
    ['https://files.example/m/config.json', { kind: 'address', folder: 'https://files.example/m/', file: 'config.json' }],
    ['https://files.example/m/a.gguf?sig=1#x', { kind: 'address', folder: 'https://files.example/m/', file: 'a.gguf?sig=1' }],
    ['https://files.example/m', { kind: 'address', folder: 'https://files.example/m/', file: '' }],
  ])('%s', (typed, expected) => {
    expect(read(typed)).toEqual(expected);
  });

  it('is a path where there is one, whatever else it could be', () => {
    expect(read('zai-org/GLM-5', ['zai-org/GLM-5'])).toEqual({ kind: 'local', path: 'zai-org/GLM-5' });
  });

  it('suggests hf: for what could be a repository', async () => {
    const { code, details } = await faultOf(() => read('zai-org/GLM-5@main'));
    expect([code, details.nearest]).toEqual(['unknown', ['hf:zai-org/GLM-5@main']]);
  });

  it.each([
    ['', 'invalid'],
    ['hf:GLM-5', 'invalid'],
    ['hf:zai-org/..', 'invalid'],
    ['hf:zai-org/GLM-5@../x', 'invalid'],
    ['hf:zai-org/GLM-5@main/../../x', 'invalid'],
    ['hf:.git/GLM-5', 'invalid'],
    ['https://huggingface.co/zai-org/GLM-5/blob/%zz/config.json', 'invalid'],
    ['./no/such/file.json', 'missing'],
    ['https://', 'invalid'],
    ['https://files.example/m?list=1', 'unsupported'],
  ])('%j is refused as %s', async (typed, code) => {
    expect((await faultOf(() => read(typed))).code).toBe(code);
  });

  it('with a name and password in the address is refused without showing them', async () => {
    const { message } = await faultOf(() => read('https://ada:geheim@files.example/m/'));
    expect(message).not.toMatch(/geheim|ada:/);
  });

  it('is told from a name of the catalog by its form', () => {
    expect(['hf:a/b', 'a/b', './x', 'x.gguf', 'config.json', 'https://a.example/', '..'].filter((typed) => !isReference(typed))).toEqual(
      [],
    );
    expect(['kimi-k2.5', 'glm-5', 'llama-3.1-8b'].filter(isReference)).toEqual([]);
  });
});

describe('path components from outside', () => {
  it.each(['..', '.', 'a/b', 'a\\b', '', '.hidden', 'a..b', 'a\u0000b', 'C:'])('%j is none', (text) => {
    expect(isPathComponent(text)).toBe(false);
  });

  it('may follow one another', () => {
    expect([isSafePath('a/b-1_c.d'), isSafePath('a//b'), isSafePath('/a'), isSafePath('a/../b')]).toEqual([true, false, false, false]);
  });
});
