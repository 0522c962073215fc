import { afterEach, describe, expect, it } from 'vitest';
import { tokenOf } from '../../../src/importers/model/environment.ts';
import { rangeSource } from '../../../src/importers/model/fetch/rangeSource.ts';
import { ask } from '../../../src/importers/model/fetch/request.ts';
import { faultOf, TOKEN, testEnvironment } from './support/environment.ts';
import { type Handler, sendFile, startServer, type TestServer } from './support/server.ts';

const servers: TestServer[] = [];

async function serve(handler: Handler): Promise<TestServer> {
  const server = await startServer(handler);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const request = (server: TestServer, path = '/config.json', mostBytes = 1000) => ({
  url: new URL(path, server.address),
  mostBytes,
  token: TOKEN,
});
const redirect =
  (to: string, status = 302): Handler =>
  (_, response) =>
    response.writeHead(status, { location: to }).end();

describe('asking a server', () => {
  it('sends the token as bearer and takes the answer', async () => {
    const server = await serve((_, response) => response.end('{}'));
    const { body } = await ask(request(server), testEnvironment());
    expect([body.toString(), server.authorizations]).toEqual(['{}', [`Bearer ${TOKEN}`]]);
  });

  it.each([301, 302, 303, 307, 308])('follows a redirect with status %i', async (status) => {
    const server = await serve((incoming, response) =>
      incoming.url === '/b' ? response.end('there') : redirect('/b', status)(incoming, response),
    );
    expect((await ask(request(server), testEnvironment())).body.toString()).toBe('there');
    expect(server.authorizations).toEqual([`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]);
  });

  it('keeps the token from another host', async () => {
    const other = await serve((_, response) => response.end('signed'));
    const server = await serve(redirect(`${other.address}/x?signature=1`));
    expect((await ask(request(server), testEnvironment())).body.toString()).toBe('signed');
    expect(other.authorizations).toEqual([undefined]);
  });

  it('keeps it even where the other host leads back', async () => {
    const answers = await serve((incoming, response) =>
      incoming.url === '/end' ? response.end('end') : redirect(`${other.address}/`)(incoming, response),
    );
    const other = await serve((incoming, response) => redirect(`${answers.address}/end`)(incoming, response));
    await ask(request(answers), testEnvironment());
    expect(answers.authorizations).toEqual([`Bearer ${TOKEN}`, undefined]);
  });

  it.each([
    ['in circles', '/config.json', 'too many redirects'],
    ['nowhere', '', 'a redirect that leads nowhere'],
    ['into a file', 'file:///etc/passwd', 'a redirect that leads nowhere'],
    ['to a name with a password', 'http://ada:geheim@127.0.0.1/', 'a redirect that leads nowhere'],
  ])('does not follow a redirect %s', async (_, to, reason) => {
    const server = await serve(redirect(to));
    const { code, message } = await faultOf(ask(request(server), testEnvironment()));
    expect(code).toBe('unavailable');
    expect(message).toContain(reason);
    expect(message).not.toContain('geheim');
    expect(server.requests.length).toBeLessThanOrEqual(6);
  });

  it('does not follow a redirect from https to http', async () => {
    const answers: typeof fetch = async () => new Response(null, { status: 302, headers: { location: 'http://files.example/' } });
    const { message } = await faultOf(ask({ url: new URL('https://files.example/a'), mostBytes: 9 }, testEnvironment({ fetch: answers })));
    expect(message).toContain('from https to http');
  });

  it.each([
    [401, TOKEN, true, 'did not accept the token'],
    [403, TOKEN, true, 'did not accept the token'],
    [401, undefined, true, 'HF_TOKEN'],
    [403, undefined, true, 'HF_TOKEN'],
    [401, undefined, false, 'kplan sends a token to no server but the hub'],
  ])('says of status %i with token %s, hub %s, what the token has to do with it, and never shows it', async (status, token, hub, words) => {
    const server = await serve((_, response) => response.writeHead(status).end(`${TOKEN} is wrong`));
    const fault = await faultOf(ask({ ...request(server, `/a?token=${TOKEN}`), token, hub }, testEnvironment()));
    expect(fault.code).toBe('unavailable');
    expect(fault.message).toContain(words);
    expect(JSON.stringify([fault.message, fault.details, fault.stack, fault])).not.toContain(TOKEN);
  });

  it('takes 404 for a file that is missing', async () => {
    const server = await serve((_, response) => response.writeHead(404).end());
    const fault = await faultOf(ask(request(server), testEnvironment()));
    expect([fault.code, fault.details.where]).toEqual(['missing', `${server.address}/config.json`]);
  });

  it.each([
    ['seconds', '7', 7000],
    ['a date', 'Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['a date in the past', 'Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['nothing', undefined, 1000],
    ['nonsense', 'soon', 1000],
  ])('waits after 429 as long as the server says with %s', async (_, retryAfter, waitMs) => {
    let asked = 0;
    const server = await serve((__, response) => {
      if (asked++ === 0) response.writeHead(429, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end();
      else response.end('now');
    });
    const env = testEnvironment();
    expect((await ask(request(server), env)).body.toString()).toBe('now');
    expect(env.waits).toEqual([waitMs]);
  });

  it('gives up after a few tries, or at once where the wait is too long', async () => {
    const server = await serve((incoming, response) =>
      response.writeHead(429, incoming.url === '/long' ? { 'retry-after': '3600' } : {}).end(),
    );
    const env = testEnvironment();
    expect((await faultOf(ask(request(server), env))).code).toBe('unavailable');
    expect([env.waits, server.requests.length]).toEqual([[1000, 2000, 4000], 4]);
    const impatient = testEnvironment();
    expect((await faultOf(ask(request(server, '/long'), impatient))).message).toContain('3600 s');
    expect(impatient.waits).toEqual([]);
  });

  it('asks again after 503, and not after 400', async () => {
    const server = await serve((incoming, response) => response.writeHead(incoming.url === '/bad' ? 400 : 503).end());
    await faultOf(ask(request(server), testEnvironment()));
    expect(server.requests.length).toBe(4);
    await faultOf(ask(request(server, '/bad'), testEnvironment()));
    expect(server.requests.length).toBe(5);
  });

  it('asks again where the answer was cut off', async () => {
    let asked = 0;
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10 });
      if (asked++ > 0) return void response.end('0123456789');
      response.write('0123');
      setTimeout(() => response.destroy(), 20);
    });
    expect((await ask(request(server), testEnvironment())).body.toString()).toBe('0123456789');
    expect(server.requests.length).toBe(2);
  });

  it('refuses an answer that is too large, announced or not', async () => {
    const server = await serve((incoming, response) => {
      if (incoming.url === '/announced') return void response.writeHead(200, { 'content-length': 1e12 }).flushHeaders();
      const more = () => {
        if (!response.destroyed && response.write(Buffer.alloc(65_536))) setImmediate(more);
      };
      response.on('drain', more);
      more();
    });
    for (const path of ['/announced', '/endless']) {
      const fault = await faultOf(ask(request(server, path), testEnvironment()));
      expect([fault.code, fault.details.allowed]).toEqual(['invalid', 'at most 1000 bytes']);
    }
  });

  it('does not wait for a server that stays silent', async () => {
    const server = await serve(() => undefined);
    const { code, message } = await faultOf(ask(request(server), testEnvironment({ patienceMs: 50 })));
    expect([code, message.includes('did not answer in time')]).toEqual(['unavailable', true]);
    expect(server.requests.length).toBe(2);
  });

  it('does not wait for a server that falls silent', async () => {
    const server = await serve((_, response) => void response.writeHead(200).write('{'));
    expect((await faultOf(ask(request(server), testEnvironment({ patienceMs: 50 })))).message).toContain('did not answer in time');
  });

  it('waits no longer for a large answer where the server is silent', async () => {
    const server = await serve(() => undefined);
    const { details } = await faultOf(ask(request(server, '/big', 2 ** 40), testEnvironment({ patienceMs: 50 })));
    expect(details.allowed).toBe('no silence of more than 0.05 s');
  });

  it('asks a silent server once more', async () => {
    let asked = 0;
    const server = await serve((_, response) => {
      if (asked++ > 0) response.end('awake');
    });
    expect((await ask(request(server), testEnvironment({ patienceMs: 200 }))).body.toString()).toBe('awake');
  });

  it('says where there is no server', async () => {
    const server = await startServer(() => undefined);
    await server.close();
    const { code, message } = await faultOf(ask(request(server), testEnvironment()));
    expect([code, message.includes('cannot be reached')]).toEqual(['unavailable', true]);
  });
});

describe('the token', () => {
  it('comes from either variable', () => {
    expect(tokenOf({ variables: { HF_TOKEN: ` ${TOKEN}\n`, HUGGING_FACE_HUB_TOKEN: 'other' } })).toBe(TOKEN);
    expect(tokenOf({ variables: { HF_TOKEN: '', HUGGING_FACE_HUB_TOKEN: 'other' } })).toBe('other');
    expect(tokenOf({ variables: {} })).toBeUndefined();
  });

  it('that no header can hold is refused without being shown', async () => {
    const { code, message } = await faultOf(() => tokenOf({ variables: { HF_TOKEN: 'hf_a\nX-Other: b' } }));
    expect([code, message.includes('hf_a')]).toEqual(['invalid', false]);
  });
});

describe('a file read by ranges', () => {
  const content = Buffer.from(Array.from({ length: 400_000 }, (_, index) => index % 251));

  it('gives any part, and asks for no more than its beginning and that part', async () => {
    const server = await serve((incoming, response) => sendFile(incoming, response, content));
    const source = await rangeSource(new URL('/w?signature=secret', server.address), testEnvironment());
    expect([source.byteLength, source.name.includes('secret')]).toEqual([content.length, false]);
    expect(Buffer.from(await source.read(10, 20))).toEqual(content.subarray(10, 20));
    expect(Buffer.from(await source.read(300_000, 300_100))).toEqual(content.subarray(300_000, 300_100));
    expect(server.requests).toEqual(['/w?signature=secret bytes=0-131071', '/w?signature=secret bytes=300000-300099']);
  });

  it('ends where the file ends', async () => {
    const server = await serve((incoming, response) => sendFile(incoming, response, content.subarray(0, 100)));
    const source = await rangeSource(new URL('/w', server.address), testEnvironment());
    expect([(await source.read(0, 100)).length, source.byteLength]).toEqual([100, 100]);
    expect((await faultOf(source.read(50, 101))).code).toBe('invalid');
  });

  it('is taken whole from a server that ignores ranges, with or without a length, where it is small', async () => {
    for (const headers of [{ 'content-length': content.length }, {}]) {
      const server = await serve((_, response) => response.writeHead(200, headers).end(content));
      const source = await rangeSource(new URL('/w', server.address), testEnvironment());
      expect([source.byteLength, Buffer.from(await source.read(300_000, 300_010))]).toEqual([
        content.length,
        content.subarray(300_000, 300_010),
      ]);
      expect(server.requests.length).toBe(1);
    }
  });

  it('is refused from a server that ignores ranges where it is large', async () => {
    const server = await serve((_, response) => response.writeHead(200, { 'content-length': 9.8e9 }).flushHeaders());
    const { code, message } = await faultOf(rangeSource(new URL('/w', server.address), testEnvironment()));
    expect([code, message.includes('answers to Range')]).toEqual(['unavailable', true]);
  });

  it.each([
    ['no Content-Range', {}],
    ['another part', { 'content-range': 'bytes 5-104/400000' }],
    ['an unknown length', { 'content-range': 'bytes 0-99/*' }],
    ['a length that the part exceeds', { 'content-range': 'bytes 0-99/50' }],
    ['fewer bytes than it says', { 'content-range': 'bytes 0-131071/400000' }],
    ['nonsense', { 'content-range': 'lines 1-2' }],
  ])('is refused with %s', async (_, headers) => {
    const server = await serve((__, response) => response.writeHead(206, headers).end(Buffer.alloc(100)));
    const { code, message } = await faultOf(rangeSource(new URL('/w', server.address), testEnvironment()));
    expect([code, message.includes('another part')]).toEqual(['unavailable', true]);
  });

  it('is refused where it changes while it is read', async () => {
    let asked = 0;
    const server = await serve((incoming, response) =>
      sendFile(incoming, response, asked++ === 0 ? content : Buffer.concat([content, content])),
    );
    const source = await rangeSource(new URL('/w', server.address), testEnvironment());
    expect((await faultOf(source.read(300_000, 300_010))).message).toContain('changed');
  });

  it('is read again where a part was cut off', async () => {
    let asked = 0;
    const server = await serve((incoming, response) => {
      if (asked++ !== 1) return sendFile(incoming, response, content);
      response.writeHead(206, { 'content-range': 'bytes 300000-300099/400000', 'content-length': 100 }).write('half');
      setTimeout(() => response.destroy(), 20);
    });
    const source = await rangeSource(new URL('/w', server.address), testEnvironment());
    expect(Buffer.from(await source.read(300_000, 300_100))).toEqual(content.subarray(300_000, 300_100));
    expect(server.requests.length).toBe(3);
  });
});
