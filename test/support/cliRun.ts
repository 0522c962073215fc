import { runCli } from '../../src/cli/run.ts';

/** What a command line did. */
export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs words as `kplan` would, with both streams kept. */
export async function cliRun(words: readonly string[]): Promise<CliRun> {
  let stdout = '';
  let stderr = '';
  const io = {
    write: (text: string) => {
      stdout += text;
    },
    warn: (text: string) => {
      stderr += text;
    },
    width: 120,
    color: false,
  };
  const code = await runCli(words, io);
  return { code, stdout, stderr };
}
