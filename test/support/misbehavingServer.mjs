/**
 * A server that answers as the first part of the path says, mostly badly. It prints its port as soon as it listens, and notes the keys and
 * paths that it has seen, which `/seen` gives back and forgets.
 */
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const frame = (value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const delta = (said, finish = null) => frame({ choices: [{ index: 0, delta: said, finish_reason: finish }] });
const USAGE = { prompt_tokens: 7, completion_tokens: 2 };
const WHOLE = [delta({ role: 'assistant', content: '' }), delta({ content: 'a' }), delta({ content: 'b' }, 'stop')];
const LAST = frame({ choices: [], usage: USAGE });
const DONE = frame('[DONE]');
const good = [...WHOLE, LAST, DONE].join('');

const events = (response, type = 'text/event-stream') => response.writeHead(200, { 'content-type': type });
const sent = (response, ...parts) => {
  events(response);
  response.end(parts.join(''));
};
const refuse =
  (status, headers = {}, body = '') =>
  (_request, response) => {
    response.writeHead(status, headers);
    response.end(body);
  };
/** Echoes the key in every way that a careless server might. */
const leak = (status) => (request, response) => {
  const key = String(request.headers.authorization).replace('Bearer ', '');
  response.writeHead(status, { 'content-type': 'application/json' });
  const message = `wrong key ${key} or ${encodeURIComponent(key)}, header Authorization: Bearer ${key}, x-api-key: ${key} \u001b[31m`;
  response.end(JSON.stringify({ error: { message } }));
};
const retry = (headers) => refuse(429, headers(), JSON.stringify({ error: { message: 'slow down' } }));
const redirect =
  (to, status = 307) =>
  (request, response) => {
    response.writeHead(status, { location: to(request) });
    response.end();
  };

const CASES = {
  good: (_request, response) => sent(response, good),
  leak401: leak(401),
  leak403: leak(403),
  'not-found': refuse(404, {}, JSON.stringify({ object: 'error', message: 'The model does not exist.' })),
  'retry-seconds': retry(() => ({ 'retry-after': '3' })),
  'retry-date': retry(() => ({ 'retry-after': new Date(Date.now() + 30_000).toUTCString() })),
  'retry-ms': retry(() => ({ 'retry-after-ms': '250', 'retry-after': '7' })),
  'retry-absurd': retry(() => ({ 'retry-after': '9999' })),
  'retry-negative': retry(() => ({ 'retry-after': '-5' })),
  'retry-none': retry(() => ({})),
  500: refuse(500, {}, 'Internal Server Error'),
  502: refuse(502, { 'content-type': 'text/html' }, '<html>bad gateway</html>'),
  503: refuse(503, { 'retry-after': '2' }),
  422: refuse(422, {}, JSON.stringify({ error: 'max_tokens' })),
  'no-headers': () => {},
  'no-byte': (_request, response) => events(response).flushHeaders(),
  stall: (_request, response) => events(response).write(WHOLE[1]),
  trickle: async (_request, response) => {
    events(response);
    for (let open = true; open; await wait(10)) open = response.write(delta({ content: 'x' })) || response.writableNeedDrain;
  },
  endless: async (_request, response) => {
    events(response);
    let open = true;
    response.on('close', () => {
      open = false;
    });
    for (let tokens = 0; open; tokens++) {
      response.write(delta({ content: 'x' }));
      if (tokens % 8 === 0) await wait(1);
    }
  },
  'endless-counts': async (_request, response) => {
    events(response);
    let open = true;
    response.on('close', () => {
      open = false;
    });
    for (let tokens = 100; open; tokens += 100) {
      response.write(frame({ choices: [{ index: 0, delta: { content: 'x' } }], usage: { prompt_tokens: 7, completion_tokens: tokens } }));
      await wait(1);
    }
  },
  'counts-wrong': (_request, response) =>
    sent(response, ...WHOLE, frame({ choices: [], usage: { ...USAGE, completion_tokens: 9000 } }), DONE),
  reset: async (_request, response) => {
    events(response).write(WHOLE.slice(0, 2).join(''));
    await wait(30);
    response.write(delta({ content: 'b' }));
    await wait(30);
    response.socket?.resetAndDestroy();
  },
  'reset-at-once': (request) => request.socket.resetAndDestroy(),
  'no-finish': (_request, response) => sent(response, WHOLE[1]),
  'no-done': (_request, response) => sent(response, ...WHOLE, LAST),
  empty: (_request, response) => sent(response, DONE),
  'keeps-open': (_request, response) => events(response).write(good),
  malformed: (request, response) => sent(response, WHOLE[1], frame(`{"broken ${request.headers.authorization}`), WHOLE[2], LAST, DONE),
  'error-frame': (_request, response) => sent(response, WHOLE[1], frame({ error: { message: 'CUDA out of memory', code: 500 } }), DONE),
  'error-event': (_request, response) =>
    sent(response, frame({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })),
  'error-reset': async (_request, response) => {
    events(response).write(frame({ error: { message: 'engine died' } }));
    await wait(30);
    response.socket?.resetAndDestroy();
  },
  'invalid-bytes': (_request, response) => {
    events(response).write(WHOLE[1].slice(0, -3));
    response.end(Buffer.concat([Buffer.from([0x2c, 0x22, 0xff, 0x22, 0x3a, 0x31]), Buffer.from(`}\n\n${WHOLE[2]}${LAST}${DONE}`)]));
  },
  gzip: (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
    response.end(gzipSync(good));
  },
  'gzip-broken': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
    response.end(Buffer.from('this is no gzip at all'));
  },
  'gzip-cut': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
    response.end(gzipSync(good).subarray(0, 60));
  },
  json: (_request, response) => {
    events(response, 'application/json');
    response.end(JSON.stringify({ choices: [{ message: { content: 'ab' }, finish_reason: 'stop' }], usage: USAGE }));
  },
  html: (_request, response) => {
    events(response, 'text/html');
    response.end('<!doctype html><title>Log in</title>');
  },
  'long-line': async (_request, response) => {
    events(response).write(WHOLE[1]);
    for (let written = 0; written < 40; written++) response.write('x'.repeat(50_000));
    response.end();
  },
  'no-content': refuse(204),
  other: redirect((request) => `http://localhost:${request.socket.localPort}/good/v1/chat/completions?key=secret`),
  https: redirect((request) => `https://127.0.0.1:${request.socket.localPort}/good/v1/chat/completions`, 301),
  nowhere: redirect(() => 'http://[', 302),
  see: redirect(() => '/good/v1/chat/completions', 303),
  loop: redirect(() => '/loop/v1/chat/completions'),
  moved: redirect(() => '/good/v1/chat/completions', 308),
  page: (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end('vllm:num_requests_running 1\n');
  },
};

let seen = [];
const server = createServer(async (request, response) => {
  const name = request.url?.split('/')[1] ?? '';
  if (name === 'seen') {
    response.end(JSON.stringify(seen));
    seen = [];
    return;
  }
  let body = '';
  for await (const piece of request) body += piece;
  const { host, authorization } = request.headers;
  seen.push({ host, path: request.url, method: request.method, authorization, body });
  await (CASES[name] ?? refuse(404))(request, response);
});
server.on('clientError', (_error, socket) => socket.destroy());
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.on('disconnect', () => process.exit());
