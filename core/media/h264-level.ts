import { StudioError } from '../contract/errors.ts';

/**
 * H.264 levels: macroblocks per second, macroblocks per frame, decoded picture buffer in macroblocks, and bit rate in
 * kbit/s for High profile (ITU-T H.264 table A-1, MaxBR × cpbBrVclFactor 1250).
 */
const LEVELS: readonly [level: string, perSecond: number, perFrame: number, dpb: number, kbps: number][] = [
  ['3.0', 40_500, 1_620, 8_100, 12_500],
  ['3.1', 108_000, 3_600, 18_000, 17_500],
  ['3.2', 216_000, 5_120, 20_480, 25_000],
  ['4.0', 245_760, 8_192, 32_768, 25_000],
  ['4.2', 522_240, 8_704, 34_816, 62_500],
  ['5.0', 589_824, 22_080, 110_400, 168_750],
  ['5.1', 983_040, 36_864, 184_320, 300_000],
  ['5.2', 2_073_600, 36_864, 184_320, 300_000],
];

/** The lowest level (from 3.0 on) that holds a stream of this size, rate and number of reference frames. */
export function h264Level(width: number, height: number, fps: number, kbps: number, referenceFrames: number): string {
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const fitting = LEVELS.find(
    ([, perSecond, perFrame, dpb, maxKbps]) =>
      macroblocks <= perFrame &&
      macroblocks * fps <= perSecond &&
      macroblocks * referenceFrames <= dpb &&
      kbps <= maxKbps,
  );
  if (!fitting)
    throw new StudioError('BAD_ARGUMENT', `no H.264 level holds ${width}x${height} at ${fps} fps and ${kbps} kbit/s`);
  return fitting[0];
}
