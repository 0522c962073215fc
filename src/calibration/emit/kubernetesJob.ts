import type { EmitFor } from './emit.ts';

/** The image that holds `vllm bench serve`. */
const IMAGE = 'vllm/vllm-openai:v0.25.0';

/**
 * A Job that runs a script of `vllm bench serve` beside the endpoint and leaves its results in the log; the script stands in it as one JSON
 * text, which is YAML too, so that nothing in it is read as YAML.
 */
export function kubernetesJob(script: string, { keyEnv }: EmitFor): string {
  const shown = `${script}cat kplan-*.json\n`;
  const env =
    keyEnv === null
      ? []
      : [
          '          env:',
          `            - { name: OPENAI_API_KEY, valueFrom: { secretKeyRef: { name: kplan-key, key: ${JSON.stringify(keyEnv)} } } }`,
        ];
  return [
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
