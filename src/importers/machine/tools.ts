import { inert } from '../../faults/fault.ts';
import { AMD_MEMORY, AMD_STATIC, parseAmdSmi } from './amdSmi.ts';
import { type CommandOutput, firstLine, type Run } from './command.ts';
import type { DeviceReading } from './deviceReading.ts';
import { NVIDIA_FIELDS, type NvidiaField, nvidiaQuery, parseNvidiaSmi, unknownField } from './nvidiaSmi.ts';
import { parseRocmSmi, ROCM_QUERY } from './rocmSmi.ts';

/** What a vendor's tool said: GPUs, or why it could not say. */
export interface ToolReport {
  readonly tool: string;
  readonly readings: readonly DeviceReading[];
  readonly failure: string | null;
}

function failed(tool: string, output: CommandOutput): ToolReport {
  const said = firstLine(output);
  const ended = output.code === null ? 'it was stopped before it answered' : `exit code ${output.code}`;
  return { tool, readings: [], failure: said === '' ? `it says nothing (${ended})` : `${inert(said)} (${ended})` };
}

function reported(tool: string, readings: readonly DeviceReading[], output: CommandOutput): ToolReport {
  return readings.length > 0 ? { tool, readings, failure: null } : failed(tool, output);
}

async function askNvidia(run: Run, fields: readonly NvidiaField[] = NVIDIA_FIELDS): Promise<ToolReport | null> {
  const output = await run('nvidia-smi', nvidiaQuery(fields));
  if (output === null) return null;
  const lacking = unknownField(`${output.stdout}\n${output.stderr}`);
  if (lacking !== null && lacking !== 'name' && fields.includes(lacking))
    return askNvidia(
      run,
      fields.filter((field) => field !== lacking),
    );
  return output.code === 0 ? reported('nvidia-smi', parseNvidiaSmi(output.stdout, fields), output) : failed('nvidia-smi', output);
}

/** Both of AMD's tools may exit with an error although they printed what was asked, so that the document decides. */
function hasDocument({ stdout }: CommandOutput): boolean {
  return /[{[]\s*["{]/.test(stdout);
}

async function askAmd(run: Run): Promise<ToolReport | null> {
  const output = await run('amd-smi', AMD_STATIC);
  if (output === null) return null;
  if (!hasDocument(output)) return failed('amd-smi', output);
  const metric = await run('amd-smi', AMD_MEMORY);
  return reported('amd-smi', parseAmdSmi(output.stdout, metric !== null && hasDocument(metric) ? metric.stdout : null), output);
}

async function askRocm(run: Run): Promise<ToolReport | null> {
  const output = await run('rocm-smi', ROCM_QUERY);
  if (output === null) return null;
  return hasDocument(output) ? reported('rocm-smi', parseRocmSmi(output.stdout), output) : failed('rocm-smi', output);
}

/** Asks the tools of both vendors; rocm-smi only where amd-smi is absent or fails. Tools that the machine lacks are left out. */
export async function askTools(run: Run): Promise<ToolReport[]> {
  const nvidia = await askNvidia(run);
  const amd = await askAmd(run);
  const rocm = amd === null || amd.failure !== null ? await askRocm(run) : null;
  return [nvidia, amd, rocm].filter((report) => report !== null);
}
