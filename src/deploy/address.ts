import { Fault } from '../faults/fault.ts';
import { plainWord } from './word.ts';

const HOST = /^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$/;

/**
 * The address that a server listens on.
 *
 * @throws Fault `invalid`
 * @example checkedHost('0.0.0.0') // '0.0.0.0'
 */
export function checkedHost(host: string): string {
  if (HOST.test(host)) return host;
  throw new Fault('invalid', 'not an address', { where: '--host', value: host, allowed: 'an IP address or a name, such as 0.0.0.0' });
}

/** Whether nothing outside a machine reaches an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/**
 * The address at which clients reach a deployment, without `/v1`.
 *
 * @throws Fault `invalid` where it is no plain address of HTTP
 * @example checkedUrl('http://gpu:8000/v1/') // 'http://gpu:8000'
 */
export function checkedUrl(text: string): string {
  const url = URL.canParse(plainWord(text, '--url')) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new Fault('invalid', 'not an address of HTTP', {
      where: '--url',
      value: url?.password ? `${url.protocol}//…@${url.host}` : text,
      allowed: 'http://HOST:PORT or https://HOST, with a path or without, and no key in it',
    });
  return `${url.origin}${url.pathname}`.replace(/(\/v1)?\/*$/, '');
}

const NAME = '[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*';
const IMAGE = new RegExp(
  `^(?:[A-Za-z0-9.-]+(?::\\d+)?/)?${NAME}(?:/${NAME})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

/**
 * A container image as runtimes take it.
 *
 * @throws Fault `invalid`
 * @example checkedImage('vllm/vllm-openai:v0.25.0') // 'vllm/vllm-openai:v0.25.0'
 */
export function checkedImage(image: string): string {
  if (IMAGE.test(image)) return image;
  throw new Fault('invalid', 'not the name of an image', {
    where: '--image',
    value: image,
    allowed: 'REGISTRY/NAME:TAG in lower case, such as vllm/vllm-openai:v0.25.0',
  });
}
