import { commandText, commandWords, otherRanks, type Role, rolesOf } from './commandText.ts';
import type { Launch } from './launch.ts';
import type { Banner } from './notes.ts';
import { HUB_TOKEN, type Service } from './service.ts';
import { PROBE_SECONDS } from './sizing.ts';
import { NODE_VARIABLES } from './word.ts';
import { yamlText } from './yamlText.ts';

/** Compose takes `$` for a variable of its own unless it is doubled. */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/** Devices of the machine, by the vendor's runtime. */
function devicePart({ subject: { gpu } }: Service): object {
  if (gpu?.vendor !== 'amd') return {};
  return { devices: ['/dev/kfd', '/dev/dri'], group_add: ['video'], security_opt: ['seccomp=unconfined'], cap_add: ['SYS_PTRACE'] };
}

/** What must be free on the machine: GPUs of the vendor's runtime, and memory. */
function reservations({ subject: { gpu }, launch, sizing: { memoryGiB } }: Service): object {
  const counted = gpu !== null && gpu.vendor !== 'amd';
  const devices = counted ? { devices: [{ driver: 'nvidia', count: launch.nodes.gpusPerNode, capabilities: ['gpu'] }] } : {};
  const memory = memoryGiB === null ? {} : { memory: `${memoryGiB}g` };
  return counted || memoryGiB !== null ? { deploy: { resources: { reservations: { ...memory, ...devices } } } } : {};
}

/** Compose fills variables in before it looks at profiles, so that only the container can ask for what the first node need not say. */
function rankCheck({ nodes: { nodes } }: Launch, role: Role): string {
  const { rank } = NODE_VARIABLES;
  return role === 'worker' ? `: "\${${rank}:?${otherRanks(nodes)}, another on each node}"\n` : '';
}

/** What is typed on each node. */
function runNotes({ nodes: { nodes } }: Launch): string[] {
  if (nodes === 1) return [];
  const { leader, rank } = NODE_VARIABLES;
  return [
    `On the first node: ${leader}=<its address> docker compose --profile head up -d`,
    `On each other node: ${leader}=<address of the first> ${nodes === 2 ? '' : `${rank}=<${otherRanks(nodes)}> `}docker compose --profile worker up -d`,
  ];
}

/** The command: as words where all are known, else as a script that reads the variables of the node. */
function commandPart(launch: Launch, role: Role): object {
  if (role === 'only') {
    const words = commandWords(launch, role).filter((word) => typeof word === 'string');
    return { entrypoint: words.slice(0, launch.program.length).map(literal), command: words.slice(launch.program.length).map(literal) };
  }
  return {
    entrypoint: ['/bin/sh', '-c'],
    command: [literal(`set -eu\n${rankCheck(launch, role)}${commandText(launch, role, { exec: true })}\n`)],
  };
}

function modelVolume({ modelMount }: Service): object {
  return modelMount.kind === 'path'
    ? { type: 'bind', source: literal(modelMount.path), target: literal(modelMount.path), read_only: true }
    : { type: 'volume', source: 'model', target: modelMount.path };
}

/** Nothing in an image is sure to fetch an address but the Python that the engine runs on, or llama.cpp's curl. */
function healthCheck({ subject, launch, options, sizing }: Service): object {
  const url = `http://127.0.0.1:${options.port}${launch.release.launch.healthPath.value}`;
  const test =
    subject.engine === 'llama.cpp'
      ? ['CMD', 'curl', '-f', url]
      : ['CMD', 'python3', '-c', `import urllib.request; urllib.request.urlopen(${JSON.stringify(url)})`];
  return { test, interval: `${PROBE_SECONDS}s`, timeout: '5s', retries: 6, start_period: `${sizing.startupSeconds}s` };
}

/** The account of the hub, of the user's environment where it is set there. */
function hubToken({ modelMount }: Service): Readonly<Record<string, null>> {
  return modelMount.kind === 'path' ? {} : { [HUB_TOKEN]: null };
}

function serviceOf(of: Service, role: Role): object {
  const { launch, options, sizing, environment, image } = of;
  const several = role !== 'only';
  const { leader, rank } = NODE_VARIABLES;
  const nodeVariables = several
    ? {
        [leader]: `\${${leader}:?address of the first node}`,
        [rank]: role === 'head' ? '0' : `\${${rank}:-${launch.nodes.nodes === 2 ? '1' : ''}}`,
      }
    : {};
  return {
    image: literal(image),
    ...(several ? { profiles: [role] } : {}),
    ...commandPart(launch, role),
    environment: { ...Object.fromEntries(environment.map(({ name, value }) => [name, literal(value)])), ...hubToken(of), ...nodeVariables },
    ...(several ? { network_mode: 'host' } : { ports: [`${options.port}:${options.port}`] }),
    ipc: several ? 'host' : 'private',
    ...(several ? {} : { shm_size: `${sizing.sharedMemoryGiB}gb` }),
    volumes: [modelVolume(of)],
    ...devicePart(of),
    ...reservations(of),
    ...(role === 'worker' ? {} : { healthcheck: healthCheck(of) }),
    restart: 'unless-stopped',
    stop_grace_period: '2m',
  };
}

/** A plan as a Compose file; the nodes of one replica are profiles of it, `head` on the first and `worker` on the others. */
export function composeFile(of: Service, banner: Banner): string {
  const services = Object.fromEntries(
    rolesOf(of.launch).map((role) => [role === 'only' ? of.name : `${of.name}-${role}`, serviceOf(of, role)]),
  );
  const volumes = of.modelMount.kind === 'path' ? {} : { volumes: { model: {} } };
  return yamlText([{ name: of.name, services, ...volumes }], { ...banner, notes: [...banner.notes, ...runNotes(of.launch)] });
}
