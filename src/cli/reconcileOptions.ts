import type { Command } from 'commander';
import type { Io } from './io.ts';
import { type OutputOptions, outputOptions, valueOption } from './options.ts';

/** The words of `kplan reconcile` as commander hands them over. */
export interface ReconcileOptions extends OutputOptions {
  readonly gpu?: string;
  readonly model?: string;
  readonly format?: string;
  readonly engine?: string;
  readonly kvCacheDtype?: string;
  readonly save?: string;
  readonly fail?: boolean;
}

/** Declares `kplan reconcile`; its work is loaded when it runs. */
export function declareReconcile(program: Command, io: Io, done: (code: number) => void): void {
  const command = program
    .command('reconcile <log>')
    .description('Explains a start-up log of vLLM, SGLang, TensorRT-LLM or llama.cpp line by line; - reads it from stdin.')
    .optionsGroup('What the log does not say:');
  valueOption(command, '--gpu <name>', 'GPU type (default: as the log prints or its memory implies)');
  valueOption(command, '--model <name>', 'model, as in `kplan fit` (default: as the log names it)');
  valueOption(command, '--format <format>', 'checkpoint format (default: as the log names it)');
  valueOption(command, '--engine <engine>', 'engine with its release, such as sglang@0.5.12 (default: as the log prints)');
  valueOption(command, '--kv-cache-dtype <dtype>', 'KV cache dtype (default: as the log prints, else that of the model)');
  valueOption(command, '--save <file>', 'write a calibration that `kplan fit --calibration` takes');
  outputOptions(command)
    .option('--fail', 'exit with 3 where a figure is outside its tolerance')
    .action(async (log: string, options: ReconcileOptions) => {
      const { runReconcile } = await import('./reconcileCommand.ts');
      done(await runReconcile(log, options, io));
    });
}
