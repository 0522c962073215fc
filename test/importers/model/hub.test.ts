import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cacheFolderOf, endpointOf, isOffline } from '../../../src/importers/model/environment.ts';
import { importModel } from '../../../src/importers/model/index.ts';
import { faultOf, filesBelow, noNetwork, type TestEnvironment, TOKEN, temporaryFolder, testEnvironment } from './support/environment.ts';
import { ggufFile } from './support/ggufFile.ts';
import { safetensorsFile } from './support/safetensorsFile.ts';
import { fileHandler, type Handler, startServer, type TestServer } from './support/server.ts';
import { TOY_LLAMA, toyLlamaTensors } from './support/toyModels.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const servers: TestServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const listing = (files: readonly unknown[], sha: unknown = COMMIT) =>
  Buffer.from(JSON.stringify({ sha, siblings: files.map((rfilename) => ({ rfilename })) }));
const FILES = ['.gitattributes', 'README.md', 'config.json', 'model.safetensors'];

function repository(revision = 'main', files: readonly unknown[] = FILES): Record<string, Buffer> {
  return {
    [`/api/models/toys/Toy-Llama/revision/${revision}`]: listing(files),
    [`/toys/Toy-Llama/resolve/${COMMIT}/config.json`]: Buffer.from(JSON.stringify(TOY_LLAMA)),
    [`/toys/Toy-Llama/resolve/${COMMIT}/model.safetensors`]: safetensorsFile(toyLlamaTensors()),
  };
}

async function hub(handler: Handler, more: Partial<TestEnvironment> = {}): Promise<{ server: TestServer; env: TestEnvironment }> {
  const server = await startServer(handler);
  servers.push(server);
  return { server, env: testEnvironment({ variables: { HF_ENDPOINT: server.address, HF_TOKEN: TOKEN }, ...more }) };
}

describe('a repository of the hub', () => {
  it('is read at the commit that its revision stands for', async () => {
    const { server, env } = await hub(fileHandler(repository()));
    const { model, sources } = await importModel('hf:toys/Toy-Llama', env);
    expect([model.id, model.name, model.checkpoints[0]?.repository]).toEqual(['toy-llama', 'Toy-Llama', 'toys/Toy-Llama']);
    expect(sources['models/toy-llama#config']).toEqual({
      ref: `${server.address.slice(7)}/toys/Toy-Llama@${COMMIT.slice(0, 12)} config.json`,
      date: '2026-11-22',
      kind: 'spec',
    });
    expect(new Set(server.authorizations)).toEqual(new Set([`Bearer ${TOKEN}`]));
    expect(server.requests).toEqual([
      '/api/models/toys/Toy-Llama/revision/main',
      `/toys/Toy-Llama/resolve/${COMMIT}/config.json`,
      `/toys/Toy-Llama/resolve/${COMMIT}/model.safetensors bytes=0-131071`,
    ]);
  });

  it('is read from copies the second time, but for the commit', async () => {
    const { server, env } = await hub(fileHandler(repository()));
    const first = await importModel('hf:toys/Toy-Llama', env);
    const asked = server.requests.length;
    expect(await importModel('hf:toys/Toy-Llama', env)).toEqual(first);
    expect(server.requests.slice(asked)).toEqual(['/api/models/toys/Toy-Llama/revision/main']);
    expect(
      await importModel(`hf:toys/Toy-Llama@${COMMIT}`, testEnvironment({ ...env, fetch: noNetwork })).catch((error) => error.code),
    ).toBe('unavailable');
  });

  it('is there without a network, and says that it is a copy', async () => {
    const { env } = await hub(fileHandler(repository()));
    const first = await importModel('hf:toys/Toy-Llama', env);
    for (const offline of [
      testEnvironment({ ...env, fetch: noNetwork, warn: (sentence) => env.warnings.push(sentence) }),
      testEnvironment({
        ...env,
        fetch: noNetwork,
        warn: (sentence) => env.warnings.push(sentence),
        variables: { ...env.variables, HF_HUB_OFFLINE: '1' },
      }),
    ]) {
      expect(await importModel('hf:toys/Toy-Llama', offline)).toEqual(first);
      expect(env.warnings.pop()).toContain('the stored copy of toys/Toy-Llama@main is used, commit 0123456789ab');
      expect(env.warnings).toEqual([]);
    }
  });

  it('of one commit needs the hub once', async () => {
    const { server, env } = await hub(fileHandler(repository(COMMIT)));
    await importModel(`hf:toys/Toy-Llama@${COMMIT}`, env);
    const asked = server.requests.length;
    await importModel(`hf:toys/Toy-Llama@${COMMIT}`, env);
    expect(server.requests.length).toBe(asked);
  });

  it('that nobody stored cannot be read without a network', async () => {
    const { env } = await hub(fileHandler({}));
    expect((await faultOf(importModel('hf:toys/Toy-Llama', testEnvironment({ ...env, fetch: noNetwork })))).code).toBe('unavailable');
    const offline = { ...env, variables: { ...env.variables, HF_HUB_OFFLINE: 'true' } };
    expect((await faultOf(importModel('hf:toys/Toy-Llama', offline))).message).toContain('HF_HUB_OFFLINE');
  });

  it('that does not exist is missing', async () => {
    const { env } = await hub(fileHandler({}));
    expect((await faultOf(importModel('hf:toys/Toy-Llama', env))).code).toBe('missing');
  });

  it('that is closed asks for a token and shows none', async () => {
    const { env } = await hub((_, response) => response.writeHead(401).end());
    const { message, code } = await faultOf(importModel('hf:toys/Toy-Llama', env));
    expect([code, message.includes(TOKEN)]).toEqual(['unavailable', false]);
    const anonymous = { ...env, variables: { HF_ENDPOINT: env.variables['HF_ENDPOINT'] } };
    expect((await faultOf(importModel('hf:toys/Toy-Llama', anonymous))).message).toContain('HF_TOKEN');
  });

  it('may redirect to a store that never sees the token', async () => {
    const store = await startServer(fileHandler({ '/blob': safetensorsFile(toyLlamaTensors()) }));
    servers.push(store);
    const files = fileHandler(repository());
    const { server, env } = await hub((request, response) => {
      if (request.url?.endsWith('model.safetensors')) response.writeHead(302, { location: `${store.address}/blob?signature=1` }).end();
      else files(request, response);
    });
    await importModel('hf:toys/Toy-Llama', env);
    expect([store.authorizations, server.authorizations.length]).toEqual([[undefined], 3]);
  });

  it('writes into its folder of the cache alone, whatever the listing names', async () => {
    const names = [...FILES, '../../../../escaped.json', '/etc/escaped', 'a/../../escaped', 'C:\\escaped', '..', 'x\u0000y'];
    const { env } = await hub(fileHandler(repository('main', names)));
    await importModel('hf:toys/Toy-Llama', env);
    const around = dirname(env.cacheFolder);
    const written = filesBelow(around).map((path) => path.slice(around.length));
    expect(written.length).toBe(3);
    for (const path of written)
      expect(path).toMatch(/^\/cache\/hub\/127\.0\.0\.1_\d+\/toys\/Toy-Llama\/(revisions|[0-9a-f]{40})\/[\w.-]+$/);
    expect(filesBelow(around).some((path) => path.includes('.tmp'))).toBe(false);
    expect(filesBelow(around).every((path) => !readFileSync(path).includes(TOKEN))).toBe(true);
  });

  it.each([
    ['no commit', listing(FILES, 'main')],
    ['a commit that is a path', listing(FILES, '../../x')],
    ['files that are no texts', listing([17])],
    ['no JSON', Buffer.from('<html>')],
    ['a list', Buffer.from('[]')],
  ])('with a listing of %s is refused', async (_, body) => {
    const { env } = await hub(fileHandler({ '/api/models/toys/Toy-Llama/revision/main': body }));
    expect((await faultOf(importModel('hf:toys/Toy-Llama', env))).code).toBe('invalid');
    expect(filesBelow(dirname(env.cacheFolder))).toEqual([]);
  });

  it('whose copy somebody spoilt is fetched again, and refused where it must not be', async () => {
    const { env } = await hub(fileHandler(repository()));
    const first = await importModel('hf:toys/Toy-Llama', env);
    const head = filesBelow(env.cacheFolder).find((path) => path.includes('.head-')) ?? '';
    writeFileSync(head, Buffer.alloc(20));
    const offline = { ...env, variables: { ...env.variables, HF_HUB_OFFLINE: '1' } };
    expect((await faultOf(importModel('hf:toys/Toy-Llama', offline))).code).toBe('invalid');
    expect(await importModel('hf:toys/Toy-Llama', env)).toEqual(first);
    expect(await importModel('hf:toys/Toy-Llama', offline)).toEqual(first);
  });

  it('of GGUF is kept from beginning to end of its header, skipped parts too', async () => {
    const scores = Array.from({ length: 400_000 }, () => 1);
    const metadata = {
      'general.architecture': 'llama',
      ...{ 'llama.block_count': 1, 'llama.context_length': 4096, 'llama.embedding_length': 64, 'llama.feed_forward_length': 64 },
      ...{ 'llama.attention.head_count': 2, 'tokenizer.ggml.scores': scores, 'llama.vocab_size': 32 },
    };
    const block = ['attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down'];
    const file = ggufFile(metadata, [
      { name: 'token_embd.weight', shape: [32, 64], type: 0 },
      ...block.map((name) => ({ name: `blk.0.${name}.weight`, shape: [64, 64], type: 0 })),
    ]);
    const { env } = await hub(
      fileHandler({
        '/api/models/toys/Toy-GGUF/revision/main': listing(['Q4/toy-Q4_0.gguf', 'README.md']),
        [`/toys/Toy-GGUF/resolve/${COMMIT}/Q4/toy-Q4_0.gguf`]: file,
      }),
    );
    const first = await importModel('hf:toys/Toy-GGUF', env);
    expect([first.model.id, first.model.defaultFormat]).toEqual(['toy-gguf', 'q4_0']);
    const offline = testEnvironment({ ...env, fetch: noNetwork });
    for (const reference of ['hf:toys/Toy-GGUF', 'hf:toys/Toy-GGUF/Q4', 'hf:toys/Toy-GGUF/Q4/toy-Q4_0.gguf'])
      expect(await importModel(reference, offline)).toEqual(first);
  });

  it('is read where no copies can be kept, and says so', async () => {
    const folder = temporaryFolder();
    const { env } = await hub(fileHandler(repository()), { cacheFolder: join(folder, 'file', 'cache') });
    writeFileSync(join(folder, 'file'), 'in the way');
    expect((await importModel('hf:toys/Toy-Llama', env)).model.id).toBe('toy-llama');
    expect(env.warnings[0]).toContain('no copies can be kept');
  });

  it('may ask for one of its files', async () => {
    const { server, env } = await hub(fileHandler(repository()));
    const { notes } = await importModel('hf:toys/Toy-Llama@main/config.json', env);
    expect(server.requests.length).toBe(2);
    expect(notes.join()).toContain('Only the config was read');
  });

  it('is the same where its page is named', async () => {
    const { env } = await hub(fileHandler(repository()));
    const page = await importModel(`${env.variables['HF_ENDPOINT']}/toys/Toy-Llama/tree/main`, env);
    expect(page).toEqual(await importModel('hf:toys/Toy-Llama', env));
  });
});

describe('the environment', () => {
  it('says where copies are kept', () => {
    expect(cacheFolderOf({}, '/users/ada')).toBe('/users/ada/.cache/kplan');
    expect(cacheFolderOf({ XDG_CACHE_HOME: '/x' }, '/users/ada')).toBe('/x/kplan');
    expect(cacheFolderOf({ XDG_CACHE_HOME: 'relative' }, '/users/ada')).toBe('/users/ada/.cache/kplan');
    expect(cacheFolderOf({ XDG_CACHE_HOME: '/x', KPLAN_CACHE: '/y' }, '/users/ada')).toBe('/y');
  });

  it('says which hub is asked', async () => {
    expect(endpointOf({ variables: {} })).toBe('https://huggingface.co');
    expect(endpointOf({ variables: { HF_ENDPOINT: 'https://mirror.example/hf/' } })).toBe('https://mirror.example/hf');
    for (const address of ['mirror', 'file:///x', 'https://ada:geheim@mirror.example']) {
      const { code, message } = await faultOf(() => endpointOf({ variables: { HF_ENDPOINT: address } }));
      expect([code, message.includes('geheim')]).toEqual(['invalid', false]);
    }
  });

  it('says whether there is to be no network', () => {
    expect(['1', 'ON', 'yes', 'True'].every((value) => isOffline({ variables: { HF_HUB_OFFLINE: value } }))).toBe(true);
    expect([isOffline({ variables: {} }), isOffline({ variables: { HF_HUB_OFFLINE: '0' } })]).toEqual([false, false]);
  });
});
