import { type Banner, bannerLines, comment } from '../notes.ts';
import { shellWord } from '../word.ts';
import type { Client } from './client.ts';

/** Variables in which clients look for a key. */
const KEY_OF: Readonly<Record<Client['protocol'], string>> = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_AUTH_TOKEN' };

function nameOf({ endpoint, protocol }: Client): string {
  return `${endpoint}-${protocol}`;
}

function caseOf(client: Client): string[] {
  const { of, protocol, model, request, timeoutSeconds, rules, environment, keyVariable } = client;
  const lines = [
    comment(`${protocol === 'openai' ? 'OpenAI' : 'Anthropic'}-compatible clients of ${of}`),
    comment(`model ${model}, time-out ${timeoutSeconds} s, in every request: ${JSON.stringify(request)}`),
    ...rules.map((rule) => comment(`- ${rule}`)),
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${shellWord(value)}`),
    ...(keyVariable === null ? [] : [`export ${KEY_OF[protocol]}="\${${keyVariable}:?key of the account}"`]),
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
    'esac',
    '',
  ].join('\n');
}
