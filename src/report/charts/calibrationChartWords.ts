import type { CalibratedPoint, EndpointCalibration } from '../../calibration/endpointCalibration.ts';
import { correctionOf } from '../../calibration/endpointCalibration.ts';
import type { CalibrationCurve } from '../../calibration/fit/calibrationCurves.ts';
import { layoutName, replicaGpus } from '../../layout/layout.ts';
import { formatCount } from '../../units/tokens.ts';
import { formatShare } from '../format.ts';
import { inert } from '../plainText.ts';
import { brief } from '../speedTables.ts';

/** Whether a point is flagged: what nobody knows the deployment of is not used either, but nothing speaks against it. */
export function isFlagged({ used }: CalibratedPoint, { deployment }: EndpointCalibration): boolean {
  return !used && deployment !== null;
}

function fastest(points: readonly CalibratedPoint[]): CalibratedPoint | null {
  return points.reduce<CalibratedPoint | null>(
    (best, point) => ((point.outputTokensPerSecond ?? 0) > (best?.outputTokensPerSecond ?? 0) ? point : best),
    null,
  );
}

/**
 * The finding: by how much the endpoint differs from the shipped model, or what a token takes alone, and the
 * most that it puts out.
 *
 * @param calibration with at least one point
 */
export function calibrationFinding(calibration: EndpointCalibration): string {
  const { points } = calibration.speed;
  const sound = points.filter((point) => !isFlagged(point, calibration));
  if (sound.length === 0) return `All ${points.length} points are flagged: nothing of this calibration is used`;
  const correction = correctionOf(sound);
  const alone = sound.find(({ concurrency, tpotMs }) => concurrency === 1 && tpotMs !== null)?.tpotMs;
  const most = fastest(sound);
  const parts = [
    ...(correction ? [`TPOT ${correction.factor.toFixed(2)} times the shipped model at ${brief(correction.concurrency)} in flight`] : []),
    ...(!correction && alone ? [`A token takes ${brief(alone.median)} ms alone`] : []),
    ...(most?.outputTokensPerSecond
      ? [
          `${correction ? '' : 'up to '}${brief(most.outputTokensPerSecond)} tokens/s at ${brief(most.concurrency)}${correction ? '' : ' in flight'}`,
        ]
      : []),
  ];
  const named = parts.length === 0 ? [`${sound.length} load points of ${calibration.conditions.servedModel}`] : parts;
  return inert(named.join('; '));
}

/** What was measured where and when. */
function whatAndWhen({ deployment, conditions, date }: EndpointCalibration): string[] {
  const { servedModel, endpoint } = conditions;
  if (deployment === null) return [`${servedModel}${endpoint === null ? '' : ` at ${endpoint}`}`, 'what runs there is not known', date];
  const { model, format, gpu, layout, engine, engineVersion } = deployment;
  return [`${model} ${format}`, `${replicaGpus(layout)}× ${gpu}, ${layoutName(layout)}`, `${engine} ${engineVersion}`, date];
}

/** What was measured, and what the marks mean: lines of a subtitle. */
export function calibrationSubtitle(calibration: EndpointCalibration, curves: readonly CalibrationCurve[]): string[] {
  const points = curves.flatMap((curve) => curve.points);
  const flagged = points.filter((point) => isFlagged(point, calibration)).length;
  const key = [
    'points: medians, with a tenth of the answers below and above',
    ...(curves.some(({ model }) => model.length > 1) ? ['line: fitted, shade: 80 % of single runs'] : []),
    ...(curves.some(({ shipped }) => shipped.length > 1) ? ['dashed: the shipped model'] : []),
    ...(flagged > 0 ? [`hollow: flagged, not used (${flagged})`] : []),
  ];
  const named = 'beside: shape, input/output tokens, share of the input reused';
  return [whatAndWhen(calibration), [...key, named]].map((parts) => inert(parts.join(' · ')));
}

/** Name of a curve in two lines: its mark and shape, and tokens with what was found of the input. */
export function curveLabel({ shape, inputTokens, outputTokens, reuse }: CalibrationCurve, mark: string): string {
  const reused = reuse > 0 ? `, ${formatShare(reuse)} reused` : '';
  return `${mark} ${inert(shape)}\n${formatCount(inputTokens)}/${formatCount(outputTokens)}${reused}`;
}
