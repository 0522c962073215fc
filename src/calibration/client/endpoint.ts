import type { EndpointUrl } from './endpointUrl.ts';
import type { ProtocolName } from './protocols/protocol.ts';

/** Where requests go, and how it is spoken to. */
export interface Endpoint {
  readonly url: EndpointUrl;
  readonly protocol: ProtocolName;
  /** As the endpoint calls it. */
  readonly model: string;
  readonly key: string | null;
  /** Asks for usage on every chunk, so that each tells its tokens; only own engines take it (vLLM and SGLang). */
  readonly continuousUsage?: boolean;
}
