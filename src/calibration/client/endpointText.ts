/** Control characters, line ends of every kind, and marks that turn the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: untrusted text must not steer a terminal
const STEERING = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/**
 * The text of an endpoint as it may be printed: control characters become a blank, and it ends after so many characters.
 *
 * @param most characters at most, the dots included
 * @example endpointText('no \u001b[31mmodel\r\n') // 'no  [31mmodel'
 * @example endpointText('abcdefgh', 6) // 'abc...'
 */
export function endpointText(text: string, most = 200): string {
  const head = text
    .slice(0, 4 * most)
    .replace(STEERING, ' ')
    .trim();
  const characters = [...head];
  const whole = characters.length <= most && text.length <= 4 * most;
  return whole ? head : `${characters.slice(0, most - 3).join('')}...`;
}
