import { isZip, zipEntries } from '../../importers/offers/zipArchive.ts';
import { WORKBOOK_MARK } from '../mark.ts';

const PROPERTY = new RegExp(`name="${WORKBOOK_MARK}"[^>]*>\\s*<vt:lpwstr>kplan/[a-z-]+@\\d+</vt:lpwstr>`);
/** What the writer of kplan calls itself; a spreadsheet program that saves the workbook puts its own name there. */
const WRITER = /<Application>hucre<\/Application>/;

/**
 * Whether bytes are a workbook as kplan wrote it: it has the property `kplanSchema`, and no other program has saved it since. A workbook
 * that somebody worked in is theirs.
 *
 * @param bytes the whole file
 */
export function isMarkedWorkbook(bytes: Uint8Array): boolean {
  if (!isZip(bytes)) return false;
  try {
    const parts = new Map(zipEntries(bytes, 'workbook').map((entry) => [entry.name, Buffer.from(entry.bytes).toString('utf8')]));
    return PROPERTY.test(parts.get('docProps/custom.xml') ?? '') && WRITER.test(parts.get('docProps/app.xml') ?? '');
  } catch {
    return false;
  }
}
