import { JsonWalk } from './jsonWalk.ts';

/**
 * Where a text stops being JSON, which the messages of the runtime say only sometimes, and never without quoting it.
 *
 * @param json a text that is no JSON, its brackets nested in bounded depth
 * @returns the offset of the first letter that is wrong
 * @example jsonFlaw('{"a": 1,}') // 8
 */
export function jsonFlaw(json: string): number {
  const walk = new JsonWalk(json);
  walk.value();
  return walk.at;
}
