import { type Banner, bannerLines, comment } from '../notes.ts';
import { shellWord } from '../word.ts';
import type { Client } from './client.ts';

/** Variables in which clients look for a key. */
const KEY_OF: Readonly<Record<Client['protocol'], string>> = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_AUTH_TOKEN' };

/** Ends the script with a complaint, whether it is read in or run. */
function complain(text: string): string {
  return `printf '%s\\n' ${shellWord(text)} >&2; return 2 2>/dev/null || exit 2`;
}

/** The key of an account, checked before anything else is set; a key for somebody else's endpoint is not sent along. */
function ofAccount(protocol: Client['protocol'], keyVariable: string): string[] {
  return [
    `if [ -z "\${${keyVariable}:-}" ]; then ${complain(`clients.sh: ${keyVariable} is not set: the key of the account`)}; fi`,
    ...(protocol === 'anthropic' ? ['unset ANTHROPIC_API_KEY'] : []),
    `export ${KEY_OF[protocol]}="$${keyVariable}"`,
  ];
}

function nameOf({ endpoint, protocol }: Client): string {
  return `${endpoint}-${protocol}`;
}

function caseOf(client: Client): string[] {
  const { of, protocol, model, request, timeoutSeconds, rules, environment, keyVariable } = client;
  const lines = [
    comment(`${protocol === 'openai' ? 'OpenAI' : 'Anthropic'}-compatible clients of ${of}`),
    comment(`model ${model}, time-out ${timeoutSeconds} s, in every request: ${JSON.stringify(request)}`),
    ...rules.map((rule) => comment(`- ${rule}`)),
    ...(keyVariable === null ? [] : ofAccount(protocol, keyVariable)),
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${shellWord(value)}`),
  ];
  return [`  ${nameOf(client)})`, ...lines.map((line) => `    ${line}`), '    ;;'];
}

/**
 * Settings of clients as one POSIX shell file: `. ./clients.sh` for the deployment's first protocol, or with `KPLAN_CLIENT` for another.
 *
 * @param calibrate the line that checks the deployment against the plan
 */
export function clientScript(clients: readonly Client[], calibrate: readonly string[], banner: Banner): string {
  const names = clients.map(nameOf);
  return [
    '#!/bin/sh',
    ...bannerLines(banner),
    comment(`Read it in: KPLAN_CLIENT=${names[0]} . ./clients.sh; ${names.join(', ')}`),
    comment('What checks the deployment against the plan:'),
    ...calibrate.map(comment),
    `case "\${KPLAN_CLIENT:-${names[0]}}" in`,
    ...clients.flatMap(caseOf),
    `  *) ${complain(`clients.sh: KPLAN_CLIENT is none of ${names.join(', ')}`)} ;;`,
    'esac',
    '',
  ].join('\n');
}
