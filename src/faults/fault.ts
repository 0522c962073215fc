/** The closed set of reasons for which kplan refuses an input. */
export type FaultCode = 'unknown' | 'missing' | 'invalid' | 'unsupported' | 'contradiction' | 'exists' | 'unwritable' | 'unavailable';

export interface FaultDetails {
  /** The option, field or `file:line:column` that holds the value. */
  readonly where: string;
  /** The value as given, shortened and stripped of control characters in messages. */
  readonly value?: unknown;
  /** What would have been accepted, in words. */
  readonly allowed?: string;
  /** The closest accepted values, best first. */
  readonly nearest?: readonly string[];
}

/**
 * Bad input, said as data: a code, where it stood, what was seen and what is allowed.
 * "Does not fit" is a result and never a fault.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  /** What is wrong, without where and what. */
  readonly reason: string;
  readonly details: FaultDetails;

  constructor(code: FaultCode, reason: string, details: FaultDetails) {
    super(sentence(code, reason, details));
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

function sentence(code: FaultCode, reason: string, details: FaultDetails): string {
  const seen = details.value === undefined ? '' : ` (got ${printable(details.value)})`;
  const allowed = details.allowed ? `; allowed: ${details.allowed}` : '';
  const nearest = details.nearest?.length ? `; did you mean ${details.nearest.join(', ')}?` : '';
  return `${code} ${details.where}: ${reason}${seen}${allowed}${nearest}`;
}

/** The text of a value without characters that steer a terminal or hide themselves, at most 80 characters long. */
export function inert(value: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: untrusted text must not steer a terminal
  const text = String(value).replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '?');
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** The same for a sentence, texts in quotes. */
export function printable(value: unknown): string {
  return inert(typeof value === 'string' ? JSON.stringify(value) : value);
}
