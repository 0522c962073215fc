/**
 * Streams tokens at an even pace and remembers when it read each request and wrote each token, on the monotonic clock that processes of one
 * host share. `/times` gives back what it remembers by the number in the prompt.
 */
import { createServer } from 'node:http';

const FIRST_MS = 60;
const GAP_MS = 20;
const now = () => Number(process.hrtime.bigint()) / 1e6;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const frame = (value) => `data: ${JSON.stringify(value)}\n\n`;

const times = {};
const server = createServer(async (request, response) => {
  const received = now();
  if (request.url === '/times') {
    response.end(JSON.stringify(times));
    return;
  }
  let text = '';
  for await (const piece of request) text += piece;
  const { prompt, max_tokens: tokens } = JSON.parse(text);
  const written = [];
  times[prompt] = { received, written };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.socket.setNoDelay(true);
  await wait(FIRST_MS);
  for (let token = 0; token < tokens; token++) {
    if (token > 0) await wait(GAP_MS);
    written.push(now());
    response.write(frame({ choices: [{ index: 0, text: ' a', finish_reason: token === tokens - 1 ? 'length' : null }] }));
  }
  response.end(`${frame({ choices: [], usage: { prompt_tokens: 1, completion_tokens: tokens } })}data: [DONE]\n\n`);
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());
