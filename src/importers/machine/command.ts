/** What a command printed, and the code that it ended with; null where it was stopped. */
export interface CommandOutput {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command without a shell; null where the machine has no such command. */
export type Run = (command: string, args: readonly string[]) => Promise<CommandOutput | null>;

/** What a command said about its own failure: the first line that it printed, of errors before results. */
export function firstLine({ stdout, stderr }: CommandOutput): string {
  return (
    `${stderr}\n${stdout}`
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? ''
  );
}
