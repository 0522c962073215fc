import { endpointText } from '../client/endpointText.ts';
import { parsePrometheus } from '../metrics/prometheusText.ts';
import { type ServerMetrics, serverMetrics } from '../metrics/serverMetrics.ts';
import { factsOf } from './answers.ts';
import { type EndpointFacts, mergedFacts, NOTHING_SAID } from './endpointFacts.ts';

/** One answer of an endpoint to a GET. */
export interface GetAnswer {
  readonly status: number;
  readonly body: string;
}

/** Asks an endpoint for a path; rejects where there is no answer. */
export type Get = (path: string) => Promise<GetAnswer>;

/** What an endpoint says of itself, and how it answered. */
export interface Probe {
  readonly facts: EndpointFacts;
  /** Status by path; null where there was no answer. */
  readonly statuses: Readonly<Record<string, number | null>>;
  /** null where it shows no metrics. */
  readonly metrics: ServerMetrics | null;
}

/** Those that every server may have, then those of one server. */
const PATHS = ['/v1/models', '/health', '/version', '/server_info', '/get_server_info', '/model_info', '/props', '/metrics'] as const;

function metricsFacts(metrics: ServerMetrics | null): Partial<EndpointFacts> {
  if (metrics === null) return {};
  const { server, kvCapacityTokens, prefixCaching } = metrics;
  return { server, kvTokens: kvCapacityTokens, prefixCaching };
}

function lengthOf({ models }: EndpointFacts, asked: string | undefined): Partial<EndpointFacts> {
  const model = models.find(({ id, root }) => id === asked || root === asked) ?? (models.length === 1 ? models[0] : undefined);
  return { maxModelLen: model?.maxModelLen ?? null };
}

/**
 * Asks an endpoint what it is: the models it offers, health, version, settings and metrics, one request at a time. What it does not
 * answer says nothing; what the KV cache holds is taken from the metrics before the settings.
 *
 * @param get asks for one path
 * @param model that will be asked for, whose context counts
 */
export async function probe(get: Get, model?: string): Promise<Probe> {
  const statuses: Record<string, number | null> = {};
  let facts = NOTHING_SAID;
  let metrics: ServerMetrics | null = null;
  const said: Partial<EndpointFacts>[] = [];
  for (const path of PATHS) {
    if (path === '/get_server_info' && statuses['/server_info'] === 200) continue;
    try {
      const { status, body } = await get(path);
      statuses[path] = status;
      if (path === '/metrics') metrics = status === 200 ? serverMetrics(parsePrometheus(body).samples) : null;
      else said.push(factsOf(path, status, body));
    } catch (error) {
      statuses[path] = null;
      said.push({ notes: [`${path}: ${endpointText(error instanceof Error ? error.message : 'no answer')}`] });
    }
  }
  for (const more of [metricsFacts(metrics), ...said]) facts = mergedFacts(facts, more);
  const length = lengthOf(facts, model).maxModelLen;
  return { facts: length === null || length === undefined ? facts : { ...facts, maxModelLen: length }, statuses, metrics };
}
