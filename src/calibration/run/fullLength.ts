import type { Ask } from '../client/ask.ts';
import type { ProtocolName } from '../client/protocols/protocol.ts';
import type { RequestRecord } from '../client/record.ts';
import type { Sent } from '../client/sendRequest.ts';
import type { EndpointFacts } from '../probe/endpointFacts.ts';

const ARGUMENT = 'ignore_eos';

/**
 * Whether an endpoint may be asked for answers of full length (`ignore_eos`): where it shows an engine that takes the argument, or the
 * user states one; never in messages to a server that nobody knows.
 *
 * @param stated whether the user says what runs there
 * @example takesFullLength({ server: 'vllm' }, 'anthropic', false) // true
 * @example takesFullLength({ server: null }, 'openai', true) // true
 * @example takesFullLength({ server: null }, 'openai', false) // false
 * @example takesFullLength({ server: null }, 'anthropic', true) // false
 */
export function takesFullLength({ server }: Pick<EndpointFacts, 'server'>, protocol: ProtocolName, stated: boolean): boolean {
  return server !== null || (stated && protocol !== 'anthropic');
}

/** Whether a request was refused for the argument. */
function wasRefused({ failure }: RequestRecord): boolean {
  return failure?.code === 'bad-request' && failure.message.includes(ARGUMENT);
}

/** Asks for answers of full length until the endpoint refuses the argument. */
export class FullLength {
  #asked: boolean;
  readonly #refused: (note: string) => void;

  /**
   * @param held of an earlier part, in which it may have been refused
   * @param refused told once, where the endpoint refuses it
   */
  constructor(asked: boolean, held: readonly RequestRecord[], refused: (note: string) => void) {
    this.#asked = asked && !held.some(wasRefused);
    this.#refused = refused;
  }

  /** Whether the next request asks for it. */
  get asked(): boolean {
    return this.#asked;
  }

  /**
   * Sends a request; one that was refused for the argument goes once more without it.
   *
   * @param again the same request for then; null where no further one may go
   */
  async sent(ask: Ask, send: (ask: Ask) => Promise<Sent>, again: (ask: Ask) => Ask | null): Promise<Sent> {
    const sent = await send(ask);
    if (ask.fullLength !== true || !wasRefused(sent.record)) return sent;
    if (this.#asked) this.#refused(`the endpoint does not take ${ARGUMENT}, so it is left out: answers may be shorter than asked`);
    this.#asked = false;
    const next = again({ ...ask, fullLength: false });
    return next ? send(next) : sent;
  }
}

/** What is said where the argument is not sent at all. */
export const NOT_ASKED = `${ARGUMENT} is not sent, as nothing says that an own engine answers (--engine or --gpu states one): answers may be shorter than asked`;
