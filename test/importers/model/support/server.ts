import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface TestServer {
  readonly address: string;
  /** `METHOD path`, with the range where one was asked for. */
  readonly requests: string[];
  /** The authorization header of each request. */
  readonly authorizations: (string | undefined)[];
  close(): Promise<void>;
}

/** A server on the loopback interface. */
export async function startServer(handler: Handler): Promise<TestServer> {
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.url}${request.headers.range ? ` ${request.headers.range}` : ''}`);
    authorizations.push(request.headers.authorization);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Answers with a file as a good server does: whole, or the part that was asked for. */
export function sendFile(request: IncomingMessage, response: ServerResponse, content: Buffer): void {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  if (from === undefined) {
    response.writeHead(200, { 'content-length': content.length });
    response.end(content);
    return;
  }
  const end = Math.min(Number(to) + 1, content.length);
  const part = content.subarray(Number(from), end);
  response.writeHead(206, { 'content-range': `bytes ${from}-${end - 1}/${content.length}`, 'content-length': part.length });
  response.end(part);
}

/** Serves files by their path, and 404 for all others. */
export function fileHandler(files: Readonly<Record<string, Buffer>>): Handler {
  return (request, response) => {
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    const content = Object.hasOwn(files, path) ? files[path] : undefined;
    if (content) sendFile(request, response, content);
    else response.writeHead(404).end('not here');
  };
}
