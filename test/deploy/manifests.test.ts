import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { isMarked } from '../../src/report/mark.ts';
import type { DeployAnswer } from '../../src/report/schema/deploy.ts';
import { cliRun } from '../support/cliRun.ts';
import { flaws, hasSharedSchemas, manifestSchemas } from '../support/manifestSchemas.ts';

const PLANS = [
  '--gpu h200:8 --replicas 3',
  '--gpu h200:8 --dcp 8 --draft eagle3 --draft-tokens 3 --accept-marginal',
  '--gpu mi300x:8 --mm-encoder data --model-path /models/kimi',
  '--gpu mi355x:8',
  '--gpu a100-80:16 --tp 16 --replicas 2',
  '--gpu a100-80:16 --tp 8 --pp 2',
  '--gpu h200:16 --tp 1 --attention-dp 16 --ep 16',
  '--engine vllm@0.11.0 --model kimi-k2-instruct --gpu h200:16 --tp 16',
  '--engine sglang --gpu b300:8',
  '--engine sglang --gpu h200:16 --tp 16',
  '--engine llama.cpp --ram 512GB --format ud-q2_k_xl',
  '--engine llama.cpp --gpu rtx-4090:2 --ram 512GB --format ud-q2_k_xl',
  '--engine ktransformers --gpu rtx-4090-48:4 --ram 768GB --model-path /models/kimi --image example.org/kt:1',
] as const;

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // biome-ignore lint/suspicious/noExplicitAny: documents of several kinds, checked by their schemas
  readonly spec: any;
}

async function deployed(plan: string): Promise<DeployAnswer> {
  const { stdout, code } = await cliRun(['deploy', ...plan.split(' '), '--json']);
  expect(code).toBe(0);
  return JSON.parse(stdout) as DeployAnswer;
}

function fileOf({ files }: DeployAnswer, name: string): string {
  const file = files.find((one) => one.name === name);
  if (!file) throw new Error(`no ${name}`);
  return file.content;
}

function manifestsOf(answer: DeployAnswer): Manifest[] {
  const documents = parseAllDocuments(fileOf(answer, 'kubernetes.yaml'), { uniqueKeys: true });
  return documents.map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
}

function ofKind(manifests: readonly Manifest[], kind: string): Manifest | undefined {
  return manifests.find((one) => one.kind === kind);
}

/** The pod templates of a workload, with the roles of their pods. */
function templatesOf({ kind, spec }: Manifest): Manifest['spec'][] {
  return kind === 'Deployment' ? [spec.template] : [spec.leaderWorkerTemplate.leaderTemplate, spec.leaderWorkerTemplate.workerTemplate];
}

const WHERE = [
  { name: "the project's own extract", whole: false, skip: false },
  { name: 'the whole schemas', whole: true, skip: !hasSharedSchemas },
];

for (const { name, whole, skip } of WHERE) {
  describe.skipIf(skip)(`against ${name}`, () => {
    const schemas = skip ? null : manifestSchemas(whole);

    it.each(PLANS)('%s', async (plan) => {
      const answer = await deployed(plan);
      for (const manifest of manifestsOf(answer)) {
        const check = manifest.kind === 'LeaderWorkerSet' ? schemas?.leaderWorkerSet : schemas?.kubernetes;
        expect(check && flaws(check, manifest)).toEqual([]);
        expect(manifest.spec).toBeTruthy();
      }
      expect(schemas && flaws(schemas.compose, parse(fileOf(answer, 'compose.yaml')))).toEqual([]);
    });

    it('refuses a misspelt field, a string for a number and a container without name', async () => {
      const workload = ofKind(manifestsOf(await deployed('--gpu h200:8')), 'Deployment');
      const broken = (change: (copy: Manifest) => void) => {
        const copy = structuredClone(workload) as Manifest;
        change(copy);
        return schemas ? flaws(schemas.kubernetes, copy).length : 1;
      };
      expect(broken(() => undefined)).toBe(0);
      expect(broken(({ spec }) => Object.assign(spec, { replica: 1 }))).toBeGreaterThan(0);
      expect(broken(({ spec }) => Object.assign(spec, { replicas: '1' }))).toBeGreaterThan(0);
      expect(broken(({ spec }) => delete spec.template.spec.containers[0].name)).toBeGreaterThan(0);
    });
  });
}

describe('manifests hold together', () => {
  it.each(PLANS)('%s', async (plan) => {
    const answer = await deployed(plan);
    const manifests = manifestsOf(answer);
    const workload = manifests.find(({ kind }) => kind === 'Deployment' || kind === 'LeaderWorkerSet') as Manifest;
    const service = ofKind(manifests, 'Service') as Manifest;
    const claim = ofKind(manifests, 'PersistentVolumeClaim') as Manifest;
    const templates = templatesOf(workload);
    expect(workload.kind).toBe(answer.nodes > 1 ? 'LeaderWorkerSet' : 'Deployment');
    expect(workload.spec.replicas).toBe(answer.replicas);
    expect(
      templates.filter(({ metadata }) => Object.entries(service.spec.selector).every(([key, value]) => metadata.labels[key] === value)),
    ).toHaveLength(1);
    for (const { spec } of templates) {
      const [container] = spec.containers;
      const volumes = spec.volumes.map((volume: { name: string }) => volume.name);
      expect(container.volumeMounts.map((mount: { name: string }) => mount.name)).toEqual(volumes);
      expect(spec.volumes[0].persistentVolumeClaim.claimName).toBe(claim.metadata.name);
      const gpus = Object.entries(container.resources?.limits ?? {});
      expect(gpus).toEqual(answer.plan.gpu === null ? [] : [[plan.includes('mi3') ? 'amd.com/gpu' : 'nvidia.com/gpu', answer.gpusPerNode]]);
      expect(container.command.join(' ')).toContain(answer.commands[0]?.program[0]);
    }
    const [probe] = templates[0].spec.containers.map((container: { startupProbe: unknown }) => container.startupProbe);
    expect(probe.periodSeconds * probe.failureThreshold).toBeGreaterThan(answer.sizing.loadSeconds);
    expect(claim.spec.accessModes).toEqual([answer.nodes > 1 || answer.replicas > 1 ? 'ReadWriteMany' : 'ReadWriteOnce']);
    if (workload.kind === 'Deployment') {
      expect(workload.spec.progressDeadlineSeconds).toBeGreaterThan(probe.periodSeconds * probe.failureThreshold);
      expect(workload.spec.selector.matchLabels).toEqual(templates[0].metadata.labels);
    }
  });

  it('keep all but one replica while nodes are drained, each pod that goes perhaps of another, and say nothing of a single one', async () => {
    const least = async (plan: string) => ofKind(manifestsOf(await deployed(plan)), 'PodDisruptionBudget')?.spec.minAvailable;
    expect(await least('--gpu h200:8 --replicas 3')).toBe(2);
    expect(await least('--gpu a100-80:16 --tp 16 --replicas 3 --least-replicas 1')).toBe(4);
    expect(await least('--gpu h200:8')).toBeUndefined();
    expect(await least('--gpu h200:8 --replicas 2 --least-replicas 2')).toBeUndefined();
  });

  it('say what the cluster must have', async () => {
    const notes = async (plan: string) =>
      fileOf(await deployed(plan), 'kubernetes.yaml')
        .split('\n')
        .filter((line) => line.startsWith('#'))
        .join('\n');
    expect(await notes('--gpu h200:8')).toMatch(/first pod fetches the model[\s\S]*No PodDisruptionBudget: with one replica/);
    expect(await notes('--gpu a100-80:16 --tp 16 --replicas 2 --model-path /models/kimi')).toMatch(
      /kimi-k2-7-code-model must hold the files[\s\S]*needs LeaderWorkerSet/,
    );
    expect(await notes('--gpu h200:8 --replicas 2')).not.toContain('PodDisruptionBudget');
  });

  it('give the start-up probe the time of a slower disk', async () => {
    const slow = await deployed('--gpu h200:8 --load-rate 0.1');
    expect(slow.sizing.loadSeconds).toBe(5952);
    expect(ofKind(manifestsOf(slow), 'Deployment')?.spec.template.spec.containers[0].startupProbe.failureThreshold).toBe(1251);
  });

  it('size the volume from the checkpoint with a tenth more', async () => {
    const { sizing } = await deployed('--gpu h200:8');
    expect(sizing.volumeGiB).toBeGreaterThan(554);
    expect(sizing.volumeGiB).toBeLessThan(620);
  });

  it('are known as files of kplan, and are the same bytes each time', async () => {
    const [first, second] = [await deployed(PLANS[0]), await deployed(PLANS[0])];
    expect(first).toEqual(second);
    for (const { content } of first.files) expect(isMarked(content)).toBe(true);
  });
});
