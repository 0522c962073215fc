import { Fault } from '../../faults/fault.ts';
import { agreed } from '../bench/agreed.ts';

/** Providers that other catalogs call otherwise than kplan's. */
const NAMES: Readonly<Record<string, string>> = {
  lambdalabs: 'lambda',
  'lambda-labs': 'lambda',
  vastai: 'vast.ai',
  vast: 'vast.ai',
  datacrunch: 'verda',
};

const PROVIDER = /^[a-z0-9][a-z0-9.-]{0,39}$/;

/** A provider by the name that the catalog has for it. */
export function providerName(name: string, where: string): string {
  const plain = name.trim().toLowerCase().replace(/[ _]+/g, '-');
  if (!PROVIDER.test(plain))
    throw new Fault('invalid', 'not the name of a provider', { where, value: name, allowed: 'up to 40 letters, digits, dots and dashes' });
  return Object.hasOwn(NAMES, plain) ? (NAMES[plain] ?? plain) : plain;
}

/**
 * Who sells what a row lists: as the row, the archive or the option says.
 *
 * @param asked by the option; null where it was not given
 * @param stated by the row or the name of its file in an archive; null where neither says
 * @throws Fault `missing` where nothing says, `contradiction` where two differ
 */
export function providerOf(asked: string | null, stated: string | null, where: string): string {
  const found = agreed(asked, stated === null ? null : providerName(stated, where), { flag: '--provider', where });
  if (found !== null) return found;
  throw new Fault('missing', 'no provider', { where, allowed: 'the name of who sells it' });
}
