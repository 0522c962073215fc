import { commandText, exportLines, otherRanks, rolesOf } from './commandText.ts';
import type { Launch } from './launch.ts';
import { type Banner, bannerLines, comment, whyLines } from './notes.ts';
import { NODE_VARIABLES } from './word.ts';

const { leader, rank } = NODE_VARIABLES;

function indented(text: string): string {
  return text.replace(/^/gm, '    ');
}

/** One script for all nodes, which tells by its rank which of them it is. */
function forNodes(launch: Launch): string[] {
  const { nodes, rendezvous } = launch.nodes;
  const ray =
    rendezvous === 'ray' ? [comment('Start the other nodes as soon as the first one runs Ray: the server waits for their GPUs.')] : [];
  return [
    comment(`On each of ${nodes} nodes: ${leader}=ADDRESS OF THE FIRST NODE ${rank}=0 (${otherRanks(nodes)} on the others) sh launch.sh`),
    ...ray,
    `: "\${${leader}:?address of the first node}" "\${${rank}:?0 on the first node, ${otherRanks(nodes)} on the others}"`,
    `case $${rank} in`,
    '  0)',
    indented(commandText(launch, 'head', { exec: true })),
    '    ;;',
    '  *)',
    indented(commandText(launch, 'worker', { exec: true })),
    '    ;;',
    'esac',
  ];
}

/**
 * A plan as one POSIX shell script; with several nodes it is run on each.
 *
 * @returns text that is safe in a shell whatever model, name and path are called
 */
export function launchScript(launch: Launch, banner: Banner): string {
  const body = rolesOf(launch).length === 1 ? [commandText(launch, 'only', { exec: true })] : forNodes(launch);
  return [
    '#!/bin/sh',
    ...bannerLines(banner),
    comment(''),
    ...whyLines(launch).map(comment),
    ...launch.leftOut.map((text) => comment(`Left out: ${text}`)),
    'set -eu',
    ...exportLines(launch),
    ...body,
    '',
  ].join('\n');
}
