import type { EmitFor } from './emit.ts';
import { isLoopback } from './loopback.ts';

/** The image that holds `vllm bench serve`. */
const IMAGE = 'vllm/vllm-openai:v0.25.0';

const OWN_ADDRESS = "# the address is the pod's own loopback, where no endpoint listens: --base-url must be that of a service";

/**
 * A Job that runs a script of `vllm bench serve` beside the endpoint and leaves its results in the log; the script stands in it as one JSON
 * text, which is YAML too, so that nothing in it is read as YAML.
 *
 * @param comments lines that begin with `#`, for the top
 */
export function kubernetesJob(script: string, { url, keyEnv }: EmitFor, comments: readonly string[]): string {
  const shown = `${script}cat kplan-*.json\n`;
  const env =
    keyEnv === null
      ? []
      : [
          '          env:',
          `            - { name: OPENAI_API_KEY, valueFrom: { secretKeyRef: { name: kplan-key, key: ${JSON.stringify(keyEnv)} } } }`,
        ];
  return [
    ...(isLoopback(url) ? [OWN_ADDRESS] : []),
    ...comments,
    'apiVersion: batch/v1',
    'kind: Job',
    'metadata:',
    '  name: kplan-calibrate',
    'spec:',
    '  backoffLimit: 0',
    '  template:',
    '    spec:',
    '      restartPolicy: Never',
    '      containers:',
    '        - name: load',
    `          image: ${IMAGE}`,
    '          workingDir: /tmp',
    ...env,
    '          command:',
    '            - /bin/sh',
    '            - -c',
    `            - ${JSON.stringify(shown)}`,
    '',
  ].join('\n');
}
