import { type ModelRules, modelRules } from '../../calibration/client/modelRules.ts';
import type { LaunchFacts } from '../../catalog/launchFile.ts';
import type { Model } from '../../model/model.ts';
import { holds, type LaunchRelease } from '../launchFlags.ts';

export type Protocol = 'openai' | 'anthropic';

/** An endpoint as a client is set up for it. */
export interface Client {
  readonly endpoint: 'deployment' | 'vendor';
  readonly protocol: Protocol;
  /** Whose endpoint it is, in words. */
  readonly of: string;
  readonly baseUrl: string;
  readonly model: string;
  /** Variables that clients of the protocol read. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variable that holds the account's key, which kplan never sees; null where any key does. */
  readonly keyVariable: string | null;
  /** Members that every request must have. */
  readonly request: Readonly<Record<string, number>>;
  readonly timeoutSeconds: number;
  readonly rules: readonly string[];
}

/** A key where a server without one still wants to see a text. */
const ANY_KEY = 'none';

function variablesOf(
  protocol: Protocol,
  baseUrl: string,
  model: string,
  key: string | null,
  timeoutSeconds: number,
): Record<string, string> {
  if (protocol === 'openai') return { OPENAI_BASE_URL: baseUrl, ...(key === null ? {} : { OPENAI_API_KEY: key }) };
  return {
    ANTHROPIC_BASE_URL: baseUrl,
    ...(key === null ? {} : { ANTHROPIC_API_KEY: key, ANTHROPIC_AUTH_TOKEN: key }),
    ANTHROPIC_MODEL: model,
    ANTHROPIC_DEFAULT_OPUS_MODEL: model,
    ANTHROPIC_DEFAULT_SONNET_MODEL: model,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
    API_TIMEOUT_MS: String(timeoutSeconds * 1000),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  };
}

/** The field in which an engine's OpenAI-compatible API carries thinking. */
const REASONING_FIELDS: Readonly<Record<string, string>> = {
  vllm: 'reasoning (before: reasoning_content, which it still takes)',
  sglang: 'reasoning_content',
  ktransformers: 'reasoning_content',
  'llama.cpp': 'reasoning_content',
};

const VENDOR_FIELD = 'reasoning_content';

/** What a model asks of its clients, as sentences. */
function rulesInWords(rules: ModelRules | null, protocol: Protocol, field: string): string[] {
  if (rules === null) return [];
  const carried =
    protocol === 'openai'
      ? `send ${field} of each answer back, word for word, with every assistant message of a tool loop`
      : 'send thinking blocks back, word for word, with every assistant message of a tool loop';
  return [
    `temperature ${rules.temperature} and top_p ${rules.topP} alone are right, and n is 1: the maker's API refuses others`,
    'the model always thinks: leave out what switches thinking off; thinking counts against max_tokens',
    carried,
    `tool_choice is ${rules.toolChoices.join(' or ')}`,
  ];
}

function requestOf(rules: ModelRules | null, maxTokens: number): Record<string, number> {
  return { ...(rules === null ? {} : { temperature: rules.temperature, top_p: rules.topP }), max_tokens: maxTokens };
}

/** What the deployment is to its clients. */
export interface Served {
  readonly model: Model;
  readonly engine: string;
  readonly release: LaunchRelease;
  /** Address without `/v1`. */
  readonly url: string;
  readonly servedName: string;
  readonly contextTokens: number;
}

/** Of an answer with its thinking; a short context leaves half of itself to the prompt. */
const MAX_TOKENS = 32_768;
const TIMEOUT_SECONDS = 3600;

function own({ model, engine, release, url, servedName, contextTokens }: Served): Client[] {
  const rules = modelRules(model.id);
  return release.launch.protocols
    .filter((one) => holds(one, release.version))
    .map(({ protocol }) => {
      const baseUrl = protocol === 'openai' ? `${url}/v1` : url;
      return {
        endpoint: 'deployment',
        protocol,
        of: 'this deployment',
        baseUrl,
        model: servedName,
        environment: variablesOf(protocol, baseUrl, servedName, ANY_KEY, TIMEOUT_SECONDS),
        keyVariable: null,
        request: requestOf(rules, Math.min(MAX_TOKENS, Math.floor(contextTokens / 2))),
        timeoutSeconds: TIMEOUT_SECONDS,
        rules: rulesInWords(rules, protocol, REASONING_FIELDS[engine] ?? VENDOR_FIELD),
      };
    });
}

function ofVendor({ model }: Served, { apis }: LaunchFacts): Client[] {
  const api = apis.find(({ models }) => models.includes(model.id));
  if (!api) return [];
  const rules = modelRules(model.id);
  return (['openai', 'anthropic'] as const).map((protocol) => {
    const baseUrl = protocol === 'openai' ? api.openaiUrl : api.anthropicUrl;
    return {
      endpoint: 'vendor',
      protocol,
      of: `the API of ${api.name}`,
      baseUrl,
      model: api.model,
      environment: variablesOf(protocol, baseUrl, api.model, null, api.timeoutSeconds),
      keyVariable: api.keyVariable,
      request: requestOf(rules, api.maxTokens),
      timeoutSeconds: api.timeoutSeconds,
      rules: rulesInWords(rules, protocol, VENDOR_FIELD),
    };
  });
}

/** Clients of a deployment and of the maker's API, each with the rules of the model. */
export function clientsOf(served: Served, facts: LaunchFacts): Client[] {
  return [...own(served), ...ofVendor(served, facts)];
}
