import type { Command } from 'commander';
import type { ImportWorkloadOptions } from './importWorkloadCommand.ts';
import type { Io } from './io.ts';
import { outputOptions, valueOption } from './options.ts';

/** Declares `kplan import workload`; its work is loaded when it runs. */
export function declareImportWorkload(importing: Command, io: Io, done: (code: number) => void): void {
  const workload = importing
    .command('workload <file...>')
    .description(
      'Reads usage exports, logs and traces (OpenAI, Anthropic, LiteLLM, OpenRouter, Langfuse, ccusage, Kimi CLI, Azure, Mooncake, any table) as a workload, which --workload FILE.json takes. - is standard input.',
    )
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined });
  valueOption(
    workload,
    '--columns <parts>',
    'what the columns of any other table are: input=…,output=…,time=…,cached=…,cached-inside=yes|no,cache-write=…,reasoning=…,cost=…,model=…,conversation=…,requests=…',
  );
  valueOption(workload, '--requests <n>', 'requests that all rows stand for, where no file counts them');
  valueOption(
    workload,
    '--sessions-per-hour <n>',
    'how many coding sessions begin in an hour, where the times of each count from its own start: gives a curve of reuse',
  );
  valueOption(
    workload,
    '--cache-writes <where>',
    'where LiteLLM counts tokens written to the cache: inside or beside its prompt (default: inside)',
  );
  valueOption(workload, '--most-bytes <n>', 'text after which a file is refused, gzip undone (default: 64e9)');
  workload.option('--strict', 'refuse files with broken rows instead of leaving those out');
  outputOptions(workload).action(async (files: string[], options: ImportWorkloadOptions) => {
    const { runImportWorkload } = await import('./importWorkloadCommand.ts');
    done(await runImportWorkload(files, options, io));
  });
}
