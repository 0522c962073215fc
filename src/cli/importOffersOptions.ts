import type { Command } from 'commander';
import type { ImportOffersOptions } from './importOffersCommand.ts';
import type { Io } from './io.ts';
import { outputOptions, valueOption } from './options.ts';

/** Declares `kplan import offers`; its work is loaded when it runs. */
export function declareImportOffers(importing: Command, io: Io, done: (code: number) => void): void {
  const offers = importing
    .command('offers <file...>')
    .description('Appends GPU prices of catalogs of SkyPilot (vms.csv) and gpuhunt (CSV, catalog.zip) to offers.csv.')
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined });
  valueOption(offers, '--catalog <folder>', 'catalog folder (default: kplan-catalog)');
  valueOption(offers, '--provider <name>', 'whose prices they are, where the file does not say it');
  valueOption(offers, '--date <day>', 'day of the prices, YYYY-MM-DD (default: when the file was last changed)');
  valueOption(offers, '--gpu <names>', 'what names mean that fit several GPUs, such as H100=h100-sxm,A100=a100-80-sxm');
  offers.option('--keep-outliers', 'take prices 10 times or more away from the median of their GPU too');
  outputOptions(offers).action(async (files: string[], options: ImportOffersOptions) => {
    const { runImportOffers } = await import('./importOffersCommand.ts');
    done(await runImportOffers(files, options, io));
  });
}
