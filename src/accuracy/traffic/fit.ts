/** Build step: `npm run fit:workload -- PRESET FILE...` computes lengths, CV of gaps and day profile of data/workloads/PRESET.yaml from published traces. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TRACE_PRESETS } from './presets.ts';
import { traceText } from './traceFile.ts';
import { withFigures } from './workloadYaml.ts';

const [id = '', ...paths] = process.argv.slice(2);
const preset = TRACE_PRESETS[id];
if (preset?.files.length === paths.length) {
  const file = fileURLToPath(new URL(`../../../data/workloads/${id}.yaml`, import.meta.url));
  writeFileSync(file, withFigures(readFileSync(file, 'utf8'), preset.figures(...paths.map(traceText))));
} else {
  const usages = Object.entries(TRACE_PRESETS).map(([name, { files }]) => `  ${name} ${files.join(' ')}`);
  process.stderr.write(`usage: npm run fit:workload -- PRESET FILE..., where the files may end in .gz:\n${usages.join('\n')}\n`);
  process.exitCode = 2;
}
