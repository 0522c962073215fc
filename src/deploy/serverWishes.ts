import type { DeployOptions } from './deployOptions.ts';
import type { Wish } from './wish.ts';

/** What every server is told of its API. */
export function serverWishes({ servedName, host, port }: DeployOptions): Wish[] {
  return [
    {
      id: 'served-name',
      value: servedName,
      why: servedName.includes('/')
        ? 'the name that clients send; Claude Code cannot use one with a slash'
        : 'the name that clients send; one without a slash, which some of them cannot use',
      needed: false,
    },
    { id: 'host', value: host, why: 'where the API is reached from', needed: false },
    { id: 'port', value: String(port), why: 'port of the API', needed: false },
  ];
}
