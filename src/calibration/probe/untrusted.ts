import { endpointText } from '../client/endpointText.ts';

/** A list of models of a large router has some hundred kB. */
const LONGEST_BODY = 2 ** 21;

/** The object that a body holds as JSON; null where it holds none or is too long. */
export function bodyObject(body: string): Readonly<Record<string, unknown>> | null {
  if (body.length > LONGEST_BODY) return null;
  try {
    return objectOf(JSON.parse(body));
  } catch {
    return null;
  }
}

/** A value as an object of own keys; null where it is none. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.assign(Object.create(null) as Record<string, unknown>, value)
    : null;
}

/** A value as text to show; null where it is none or empty. */
export function textOf(value: unknown): string | null {
  const text = typeof value === 'string' ? endpointText(value) : '';
  return text === '' ? null : text;
}

/** A value as a whole number from 1 on; null where it is none. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}
