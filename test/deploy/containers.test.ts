import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadCatalog, loadLaunch } from '../../src/catalog/index.ts';
import { deploy } from '../../src/deploy/deploy.ts';
import type { DeployQuery } from '../../src/deploy/deployQuery.ts';
import type { FitQuery } from '../../src/plan/fit/question.ts';
import type { OffloadQuery } from '../../src/plan/offload/offloadQuestion.ts';

const catalog = loadCatalog();
const facts = loadLaunch();

function onGpus(query: FitQuery, more: Partial<DeployQuery> = {}) {
  return deploy({ plan: { kind: 'gpu', query }, ...more }, catalog, facts);
}

const MIX: OffloadQuery = { engine: 'llama.cpp', gpu: ['rtx-4090:2'], ramBytes: 512e9, format: 'ud-q2_k_xl' };

function withRam(query: OffloadQuery = MIX, more: Partial<DeployQuery> = {}) {
  return deploy({ plan: { kind: 'offload', query }, ...more }, catalog, facts);
}

function text({ answer: { files } }: ReturnType<typeof deploy>, name: string): string {
  return files.find((file) => file.name === name)?.content ?? '';
}

/** The only or first service of the Compose file, and the first container of the manifests. */
function containersOf(deployed: ReturnType<typeof deploy>) {
  const [service] = Object.values(parse(text(deployed, 'compose.yaml')).services) as [Record<string, unknown>];
  const pod = text(deployed, 'kubernetes.yaml')
    .split('---\n')
    .map((part) => parse(part))
    .find(({ kind }) => kind === 'Deployment');
  return { service, container: pod?.spec.template.spec.containers[0], pod: pod?.spec.template.spec };
}

describe('containers', () => {
  it('start llama.cpp where its image has it, and a machine by its name', () => {
    const deployed = withRam();
    const { service, container } = containersOf(deployed);
    expect(service['entrypoint']).toEqual(['/app/llama-server']);
    expect(container.command[0]).toBe('/app/llama-server');
    expect(deployed.answer.commands[0]?.program).toEqual(['llama-server']);
  });

  it('ask for the memory of a plan that needs it', () => {
    const deployed = withRam();
    const { memoryGiB } = deployed.answer.sizing;
    const { service, container } = containersOf(deployed);
    expect(memoryGiB).toBeGreaterThan(300);
    expect(container.resources).toEqual({ requests: { memory: `${memoryGiB}Gi` }, limits: { 'nvidia.com/gpu': 2 } });
    expect(service['deploy']).toMatchObject({ resources: { reservations: { memory: `${memoryGiB}g` } } });
    expect(onGpus({ gpu: ['h200:8'] }).answer.sizing.memoryGiB).toBeNull();
  });

  it.each([
    ['/models/kimi/k-00001-of-00008.gguf', '/models/kimi'],
    ['/models/kimi/', '/models/kimi'],
  ])('mount the folder of %s', (modelPath, folder) => {
    const { service, container } = containersOf(
      modelPath.endsWith('gguf') ? withRam(MIX, { modelPath }) : onGpus({ gpu: ['h200:8'] }, { modelPath }),
    );
    expect(container.volumeMounts[0]).toEqual({ name: 'model', mountPath: folder, readOnly: true });
    expect(service['volumes']).toEqual([{ type: 'bind', source: folder, target: folder, read_only: true }]);
  });

  it.each(['/dev/shm', '/', '/x.gguf', '/etc/kimi', '/models/../proc', 'models/kimi'])('mount nothing at %s', (modelPath) => {
    const { withoutContainers, answer } = modelPath.endsWith('gguf')
      ? withRam(MIX, { modelPath })
      : onGpus({ gpu: ['h200:8'] }, { modelPath });
    expect(withoutContainers?.details.where).toBe('--model-path');
    expect(answer.files.map(({ name }) => name)).toEqual(['launch.sh', 'clients.sh']);
  });

  it.each(['127.0.0.1', 'localhost', '::1'])('do not listen on %s', (host) => {
    const { withoutContainers, answer } = onGpus({ gpu: ['h200:8'] }, { host });
    expect(withoutContainers?.message).toContain('loopback');
    expect(answer.warnings).toEqual([expect.stringContaining('no files for containers')]);
  });

  it('take the account of the hub from the user, and only where they fetch', () => {
    const { service, container } = containersOf(onGpus({ gpu: ['h200:8'] }));
    expect(service['environment']).toMatchObject({ HF_TOKEN: null });
    expect(container.env).toContainEqual({
      name: 'HF_TOKEN',
      valueFrom: { secretKeyRef: { name: 'kimi-k2-7-code-hub', key: 'token', optional: true } },
    });
    const mounted = onGpus({ gpu: ['h200:8'] }, { modelPath: '/models/kimi' });
    expect(mounted.answer.files.map(({ content }) => content).join('')).not.toContain('HF_TOKEN');
  });

  it('wait for fetching and reading, and for reading alone where the files are there', () => {
    const { sizing, environment } = onGpus({ gpu: ['h200:8'] }).answer;
    expect(sizing).toMatchObject({ fetchSeconds: 1191, loadSeconds: 1191, startupSeconds: 2990 });
    expect(environment).toContainEqual(expect.objectContaining({ name: 'VLLM_ENGINE_READY_TIMEOUT_S', value: '2990' }));
    expect(onGpus({ gpu: ['h200:8'] }, { modelPath: '/m/kimi' }).answer.sizing).toMatchObject({ fetchSeconds: 0, startupSeconds: 1800 });
    // A faster disk makes no faster network.
    expect(onGpus({ gpu: ['h200:8'] }, { loadBytesPerSecond: 5e9 }).answer.sizing).toMatchObject({ fetchSeconds: 1191, loadSeconds: 120 });
  });
});

describe('a Compose file of several nodes', () => {
  const file = (gpus: number) => text(onGpus({ gpu: [`h100:${gpus}`], tp: 8, pp: gpus / 8 }), 'compose.yaml');

  it('asks the first node for no rank, and the others in their container', () => {
    const services = parse(file(24)).services;
    const [head, worker] = [services['kimi-k2-7-code-head'], services['kimi-k2-7-code-worker']];
    // Compose fills in the whole file, the services of other profiles too.
    expect(file(24)).not.toMatch(/(?<!\$)\$\{NODE_RANK:\?/);
    expect(head.environment.NODE_RANK).toBe('0');
    expect(worker.environment.NODE_RANK).toMatch(/^\$\{NODE_RANK:-\}$/);
    expect(worker.command[0]).toContain(': "$${NODE_RANK:?1 to 2, another on each node}"');
    expect(parse(file(16)).services['kimi-k2-7-code-worker'].environment.NODE_RANK).toMatch(/^\$\{NODE_RANK:-1\}$/);
  });

  it('says what is typed on each node', () => {
    expect(file(16)).toContain('# On the first node: HEAD_IP=<its address> docker compose --profile head up -d');
    expect(file(24)).toContain(
      '# On each other node: HEAD_IP=<address of the first> NODE_RANK=<1 to 2> docker compose --profile worker up -d',
    );
  });
});

describe('options', () => {
  it.each<[Partial<DeployQuery>, string]>([
    [{ host: '0.0.0.0 --api-key x' }, '--host'],
    [{ image: 'a b' }, '--image'],
    [{ image: 'UPPER/Case:tag' }, '--image'],
    [{ url: 'javascript:alert(1)' }, '--url'],
    [{ url: 'not a url' }, '--url'],
    [{ url: 'https://me:secret@gpu' }, '--url'],
    [{ modelPath: '/m/x.gguf' }, '--model-path'],
    [{ cores: 8 }, '--cores'],
    [{ numaNodes: 2 }, '--numa-nodes'],
    [{ draftModel: 'a/b' }, '--draft-model'],
    [{ servedName: 'k\u200bimi' }, '--served-name'],
  ])('%j is refused at its place', (more, where) => {
    const ask = () => onGpus({ gpu: ['h200:8'] }, more);
    expect(ask).toThrow(expect.objectContaining({ details: expect.objectContaining({ where }) }));
    expect(ask).not.toThrow(/secret/);
  });

  it.each<[FitQuery, number]>([
    [{ gpu: ['h200:16'], tp: 16, engine: 'sglang' }, 20_000],
    [{ gpu: ['h200:16'], tp: 1, attentionDp: 16, ep: 16 }, 29_550],
    [{ gpu: ['h200:16'], tp: 16 }, 29_501],
  ])('%j cannot serve on the port where its nodes meet', (query, port) => {
    expect(() => onGpus(query, { port })).toThrow(/--port/);
    expect(onGpus(query, { port: port + 10 }).answer.written).toBe(true);
  });

  it('starts llama.cpp with a file alone', () => {
    expect(() => withRam(MIX, { modelPath: '/models/kimi' })).toThrow(/--model-path: llama.cpp starts with a file/);
  });

  it('says of a name with a slash who cannot use it', () => {
    const { commands } = onGpus({ gpu: ['h200:8'] }, { servedName: 'moonshotai/Kimi' }).answer;
    expect(commands[0]?.arguments.find(({ flag }) => flag === '--served-model-name')?.why).toContain(
      'Claude Code cannot use one with a slash',
    );
  });

  it('prints the fraction that the plan has, whatever its digits', () => {
    const fraction = (utilization: number) =>
      onGpus({ gpu: ['h200:8'], utilization }).answer.commands[0]?.arguments.find(({ flag }) => flag === '--gpu-memory-utilization')?.value;
    expect([fraction(0.955555), fraction(0.96999)]).toEqual(['0.955555', '0.96999']);
  });
});
