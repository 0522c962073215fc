/**
 * A server that answers as vLLM does, with step times of its own: `node vllmServer.mjs PORT STEP_MS PER_SEQUENCE_MS FIRST_MS_PER_KTOKEN [REQUESTS [MODEL]]`.
 * With a number of requests it is a paid one: it tells a balance, counts requests down in its headers, and refuses those beyond.
 * Prints its port once it listens.
 */
import { createServer } from 'node:http';

const [port = '0', stepMs = '4', perSequenceMs = '0.5', firstMsPerKtoken = '10', paidRequests, model = 'moonshotai/Kimi-K2.7-Code'] =
  process.argv.slice(2);
let running = 0;
/** Words of the requests that run. */
let held = 0;
let prompts = 0;
let generated = 0;
let hits = 0;
const seen = new Set();
const allowed = paidRequests === undefined ? Infinity : Number(paidRequests);
let asked = 0;
/** Dollars, at 0.95 a million tokens of input, 0.19 of cached and 4 of output, and a tenth more. */
let balance = 50;

/** Blocks of 64 words that an earlier prompt began with. */
function found(words) {
  let shared = 0;
  let key = '';
  for (let at = 0; at + 64 <= words.length; at += 64) {
    key += `${words.slice(at, at + 64).join(' ')}|`;
    const hash = key.length + key.slice(-40);
    if (seen.has(hash)) shared = at + 64;
    seen.add(hash);
  }
  return shared;
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function chat(request, response) {
  let text = '';
  for await (const chunk of request) text += chunk;
  const body = JSON.parse(text);
  const words = body.messages
    .map(({ content }) => content ?? '')
    .join(' ')
    .split(' ');
  const cached = found(words);
  running++;
  held += words.length;
  prompts += words.length;
  hits += cached;
  asked++;
  const limits =
    allowed === Infinity ? {} : { 'x-ratelimit-limit-requests': allowed, 'x-ratelimit-remaining-requests': Math.max(0, allowed - asked) };
  if (asked > allowed) {
    running--;
    held -= words.length;
    response.writeHead(429, { ...limits, 'retry-after': '0' }).end(JSON.stringify({ error: { message: 'too many requests' } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', ...limits });
  await sleep(((words.length - cached) / 1000) * Number(firstMsPerKtoken) + Number(stepMs));
  const usage = (tokens) => ({
    prompt_tokens: words.length,
    completion_tokens: tokens,
    prompt_tokens_details: { cached_tokens: cached },
  });
  const send = (value) => response.write(`data: ${JSON.stringify(value)}\n\n`);
  send({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] });
  const most = body.max_tokens ?? body.max_completion_tokens ?? 16;
  for (let token = 1; token <= most && !response.destroyed; token++) {
    send({ choices: [{ index: 0, delta: { content: 'word ' }, finish_reason: token === most ? 'length' : null }], usage: usage(token) });
    generated++;
    if (token < most) await sleep(Number(stepMs) + running * Number(perSequenceMs));
  }
  send({ choices: [], usage: usage(most) });
  balance -= (1.1 * (0.95 * (words.length - cached) + 0.19 * cached + 4 * most)) / 1e6;
  response.end('data: [DONE]\n\n');
  running--;
  held -= words.length;
}

function metrics() {
  return [
    'vllm:cache_config_info{engine="0",block_size="16",num_gpu_blocks="49111",enable_prefix_caching="True"} 1.0',
    `vllm:num_requests_running{engine="0"} ${running}`,
    'vllm:num_requests_waiting{engine="0"} 0',
    `vllm:kv_cache_usage_perc{engine="0"} ${held / (16 * 49111)}`,
    `vllm:prompt_tokens_total{engine="0"} ${prompts}`,
    `vllm:generation_tokens_total{engine="0"} ${generated}`,
    `vllm:prefix_cache_queries_total{engine="0"} ${prompts}`,
    `vllm:prefix_cache_hits_total{engine="0"} ${hits}`,
    'vllm:num_preemptions_total{engine="0"} 0',
    '',
  ].join('\n');
}

const pages = {
  '/v1/models': () => JSON.stringify({ object: 'list', data: [{ id: model, owned_by: 'vllm', max_model_len: 131072 }] }),
  '/version': () => JSON.stringify({ version: '0.25.0' }),
  '/health': () => '',
  '/metrics': metrics,
  ...(allowed === Infinity ? {} : { '/v1/users/me/balance': () => JSON.stringify({ code: 0, data: { available_balance: balance } }) }),
};

const server = createServer((request, response) => {
  if (request.method === 'POST') {
    chat(request, response).catch(() => response.destroy());
    return;
  }
  const page = pages[request.url ?? ''];
  if (!page) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': request.url === '/metrics' ? 'text/plain' : 'application/json' }).end(page());
});
server.listen(Number(port), '127.0.0.1', () => console.log(server.address().port));
