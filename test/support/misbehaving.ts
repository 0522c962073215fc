import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the server saw of a request. */
export interface SeenRequest {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly authorization?: string;
  readonly body: string;
}

/** A process that answers badly on purpose. */
export interface MisbehavingServer {
  /** The address under which it misbehaves in this way. */
  address(name: string): string;
  /** What it has seen since it was last asked. */
  seen(): Promise<SeenRequest[]>;
  stop(): Promise<void>;
}

/** Starts it on a free port. */
export async function misbehavingServer(): Promise<MisbehavingServer> {
  const script = fileURLToPath(new URL('./misbehavingServer.mjs', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const [line] = await once(child.stdout as NodeJS.EventEmitter, 'data');
  const origin = `http://127.0.0.1:${Number(String(line))}`;
  return {
    address: (name) => `${origin}/${name}`,
    seen: async () => (await (await fetch(`${origin}/seen`)).json()) as SeenRequest[],
    async stop() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
