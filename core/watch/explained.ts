import type { QaReport, Stretch } from '../contract/asset.ts';
import type { AiredStretch } from './air-history.ts';

export type Defect = 'black' | 'frozen' | 'silent';

/** Seconds by which a certified stretch may begin later or end earlier than the sample suggests. */
const SLACK_SECONDS = 1;

const meets = (stretch: Stretch, aired: AiredStretch): boolean =>
  aired.held ||
  (stretch.fromSeconds <= aired.toSeconds + SLACK_SECONDS && stretch.toSeconds >= aired.fromSeconds - SLACK_SECONDS);

/**
 * Why a picture or a sound may be as it is, or null when nothing explains it. House pieces are still and may be silent by
 * design; an asset explains what its certificate says of that part; a black picture does not move either.
 */
export function explanation(
  defect: Defect,
  aired: readonly AiredStretch[],
  reportOf: (assetId: string) => QaReport | null,
): string | null {
  for (const one of aired) {
    if (one.assetId === null) return 'a house piece was on air';
    const report = reportOf(one.assetId);
    if (!report) return 'the certificate of the asset on air cannot be read';
    const stretches = defect === 'frozen' ? [...report.frozen, ...report.black] : report[defect];
    if (stretches.some((stretch) => meets(stretch, one))) return `the asset is ${defect} there by its certificate`;
  }
  return null;
}
