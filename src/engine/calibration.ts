import { type Layout, layoutName } from '../layout/layout.ts';
import { compareVersions } from './version.ts';

/** What a start-up log of the same model, GPU and engine showed beyond kplan's own arithmetic: offsets that a plan adds to it. */
export interface MemoryCalibration {
  /** How an answer names it. */
  readonly name: string;
  /** Ids of what the log was made with; it says nothing of others. */
  readonly model: string;
  readonly format: string;
  readonly gpu: string;
  readonly engine: string;
  /** As the log prints it; null where it does not. */
  readonly engineVersion: string | null;
  readonly layout: Layout;
  /** Weights as loaded less weights as derived, of one GPU; 0 where the log did not show them. */
  readonly weightOffsetBytes: number;
  /** Overhead as logged less overhead as modelled for the deployment of the log; null where the log did not show it. */
  readonly overheadOffsetBytes: number | null;
  /** Where it comes from, for a person. */
  readonly source: string;
}

type Ways = Partial<Pick<Layout, 'tp' | 'pp' | 'attentionDp'>>;

/** A published release, perhaps with the platform that it was built for: `v0.12.0+cu129`. */
const RELEASE = /^v?(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)(?:\.post\d{1,4})?(?:\+(?:cu|rocm)\d+)?$/;

/** Whether a log was made with a release; a build beside it was not. */
export function isMadeWith({ engineVersion }: MemoryCalibration, version: string): boolean {
  const [, release] = RELEASE.exec(engineVersion ?? '') ?? [];
  return release !== undefined && compareVersions(release, version) === 0;
}

/** Whether a log was made on a layout, as far as that fixes what one GPU holds; ways that are left out are open. */
export function isMadeOn(
  { layout }: MemoryCalibration,
  { tp = layout.tp, pp = layout.pp, attentionDp = layout.attentionDp }: Ways,
): boolean {
  return layout.tp === tp && layout.pp === pp && layout.attentionDp === attentionDp;
}

/**
 * Where the band stays at least as wide as without the log, in words; null where it narrows on every layout of the question.
 *
 * @param engine its name
 * @param version the release that is asked for
 * @param ways of the layout, as far as they are asked
 */
export function wideBandInWords(calibration: MemoryCalibration, engine: string, version: string, ways: Ways): string | null {
  const release = calibration.engineVersion === null ? `an assumed release of ${engine}` : `${engine} ${calibration.engineVersion}`;
  const made = `made with ${release} at ${layoutName({ ...calibration.layout, dp: 1, ep: 1, dcp: 1 })}`;
  if (!isMadeWith(calibration, version) || !isMadeOn(calibration, ways)) return `${made}, so the band stays at least as wide as without`;
  const open = ways.tp === undefined || ways.pp === undefined || ways.attentionDp === undefined;
  return open ? `${made}; on other layouts the band stays at least as wide as without` : null;
}
