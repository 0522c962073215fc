import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an endpoint that a test makes does. */
export interface PlainEndpoint {
  /** Pages beside the list of models. */
  readonly pages?: Readonly<Record<string, string>>;
  readonly model?: string;
  /** Arguments that it refuses, as paid APIs refuse what they do not know. */
  readonly refuses?: readonly string[];
  /** Sends nothing before all is made. */
  readonly buffers?: boolean;
  /** Between two tokens. */
  readonly stepMs?: number;
}

/** An endpoint with the bodies of the requests that it was sent. */
export interface Listening {
  readonly url: string;
  readonly bodies: Readonly<Record<string, unknown>>[];
  readonly close: () => void;
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Listens on loopback as an endpoint that says nothing of what runs there, beside what a test gives it. */
export async function plainEndpoint({
  pages = {},
  model = 'm',
  refuses = [],
  buffers = false,
  stepMs = 1,
}: PlainEndpoint): Promise<Listening> {
  const bodies: Record<string, unknown>[] = [];
  const all: Record<string, string> = { '/v1/models': JSON.stringify({ object: 'list', data: [{ id: model }] }), ...pages };
  const server: Server = createServer(async (request, response) => {
    const page = all[request.url ?? ''];
    if (request.method !== 'POST') {
      response.writeHead(page === undefined ? 404 : 200).end(page);
      return;
    }
    const body = await bodyOf(request);
    bodies.push(body);
    const refused = refuses.find((name) => name in body);
    if (refused !== undefined) {
      response.writeHead(400).end(JSON.stringify({ error: { message: `Unrecognized request argument supplied: ${refused}` } }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const most = Number(body['max_tokens']);
    const usage = { prompt_tokens: 64, completion_tokens: most };
    const frames = Array.from({ length: most }, (_, at) => ({
      choices: [{ index: 0, delta: { content: 'word ' }, finish_reason: at + 1 === most ? 'length' : null }],
    }));
    const lines = [...frames, { choices: [], usage }].map((frame) => `data: ${JSON.stringify(frame)}\n\n`);
    for (const line of lines) {
      await sleep(stepMs);
      if (!buffers) response.write(line);
    }
    response.end(`${buffers ? lines.join('') : ''}data: [DONE]\n\n`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
