import { AAC_FRAME_SAMPLES, GRID_FRAMES, type HouseProfile, SAMPLE_RATE_HZ } from '../contract/profile.ts';
import { h264Level } from './h264-level.ts';

/** Programme loudness of everything on air (EBU R 128). */
export const TARGET_LUFS = -16;
const TARGET_TRUE_PEAK_DBTP = -1.5;
/** Most that quiet sound is raised, dB: beyond it one hears the noise of the room. */
const MAX_GAIN_DB = 30;
/** Where peaks are held when the gain would lift them over the target; AAC adds up to 0.7 dB to them. */
const LIMITER_DBTP = -2.2;
/** Rate at which peaks are seen between samples, Hz (ITU-R BS.1770-5 annex 2: four-fold oversampling). */
const OVERSAMPLED_HZ = 4 * SAMPLE_RATE_HZ;

/** Reference frames of the house format: part of the SPS. */
const REFERENCE_FRAMES = 3;

/** AAC frames encoded past the end, so that the last frames of the programme are whole; the engine drops them. */
const SPARE_AUDIO_SAMPLES = 4 * AAC_FRAME_SAMPLES;

/** What the sound of a source measures (EBU R 128), before it is brought to the house loudness. */
export interface SoundMeasurement {
  integratedLufs: number;
  truePeakDbtp: number;
}

/** Audio samples of one video frame: 1920, 1600, 960 or 800. */
export function samplesPerFrame(profile: HouseProfile): number {
  return SAMPLE_RATE_HZ / profile.fps;
}

/** Nearest whole number of grid units to a duration, in frames; 0 when it is shorter than half a unit. */
export function gridFrames(profile: HouseProfile, seconds: number): number {
  const grid = GRID_FRAMES[profile.fps];
  return Math.round((seconds * profile.fps) / grid) * grid;
}

/** Brings any upright SDR picture into the house frame: square pixels, fitted and padded, never stretched, bt.709 TV range. */
export function houseFit(profile: HouseProfile): string {
  const { width, height } = profile;
  return [
    'scale=trunc(iw*sar/2)*2:ih',
    'setsar=1',
    `scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic:out_color_matrix=bt709:out_range=tv`,
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`,
    'setsar=1',
  ].join(',');
}

/**
 * Exactly `frames` frames at the house rate, starting at 0; the last picture is held when the source ends before.
 * `settb` and a plain frame count in `setpts`: with `N/fps/TB` ffmpeg 7 rounds a time stamp onto the frame before, now
 * and then, and the encoder drops that frame.
 */
export function houseTiming(profile: HouseProfile, frames: number): string {
  return [
    `fps=${profile.fps}:start_time=0`,
    'format=yuv420p',
    'tpad=stop_mode=clone:stop=-1',
    `trim=end_frame=${frames}`,
    `settb=1/${profile.fps}`,
    'setpts=N',
  ].join(',');
}

/** The video filter chain from a decoded source to the encoder. */
export function houseVideoFilter(profile: HouseProfile, frames: number): string {
  return `${houseFit(profile)},${houseTiming(profile, frames)}`;
}

/**
 * Brings the whole piece to the house loudness with one gain. Peaks that it would lift over the target are held by a
 * limiter at four times the rate. This is `loudnorm`'s linear mode without its fallback: that turns itself, unasked,
 * into a compressor when peaks, range or length do not fit, and missed −16 LUFS by up to 6 LU on short clips.
 */
function loudnessFilter({ integratedLufs, truePeakDbtp }: SoundMeasurement): string[] {
  const gainDb = Math.min(MAX_GAIN_DB, TARGET_LUFS - integratedLufs);
  const gain = `volume=${gainDb.toFixed(2)}dB:precision=float`;
  if (truePeakDbtp + gainDb <= TARGET_TRUE_PEAK_DBTP) return [gain];
  const ceiling = (10 ** (LIMITER_DBTP / 20)).toFixed(4);
  const limiter = `alimiter=limit=${ceiling}:attack=5:release=80:level=disabled:latency=1`;
  return [gain, `aresample=${OVERSAMPLED_HZ}`, limiter];
}

/**
 * The audio filter chain from decoded stereo to the encoder: house loudness, 48 kHz, gaps of the source filled, exactly as
 * long as the picture plus spare samples. Without a measurement (silence, too short to gate) the loudness is left alone.
 */
export function houseAudioFilter(profile: HouseProfile, frames: number, measured: SoundMeasurement | null): string {
  const end = frames * samplesPerFrame(profile) + SPARE_AUDIO_SAMPLES;
  return [
    ...(measured ? loudnessFilter(measured) : []),
    `aresample=${SAMPLE_RATE_HZ}:async=1:first_pts=0`,
    'aformat=sample_fmts=fltp:channel_layouts=stereo',
    'apad',
    `atrim=end_sample=${end}`,
  ].join(',');
}

/**
 * Encoder arguments of the house format. Two pieces made with them have byte-identical SPS and PPS, whatever the source,
 * the number of threads or the bit rate reached (docs/architecture.md, "House format"):
 * no B-frames, so that the outgoing piece may be cut after any frame; `stitchable`, so that the PPS does not follow the
 * first quantiser; `-chroma_sample_location`, since x264 copies the source's into the VUI otherwise.
 * `constantRate: false` leaves out `-r`, for transitions, whose video starts after their audio: it would fill the gap.
 */
export function houseCodecArgs(profile: HouseProfile, options: { constantRate: boolean }): string[] {
  const { gopFrames, videoBitrateKbps, fps } = profile;
  const level = h264Level(profile.width, profile.height, fps, videoBitrateKbps, REFERENCE_FRAMES);
  const x264 = [
    `keyint=${gopFrames}`,
    `min-keyint=${gopFrames}`,
    'scenecut=0',
    'open-gop=0',
    'bframes=0',
    'b-adapt=0',
    'b-pyramid=none',
    `ref=${REFERENCE_FRAMES}`,
    'weightp=1',
    'stitchable=1',
    'repeat-headers=1',
  ].join(':');
  const rate = `${videoBitrateKbps}k`;
  return [
    ...['-c:v', 'libx264', '-preset', profile.preset, '-profile:v', 'high', '-level:v', level, '-pix_fmt', 'yuv420p'],
    ...['-b:v', rate, '-maxrate', rate, '-bufsize', rate, '-x264-params', x264],
    ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'],
    ...['-chroma_sample_location', 'left'],
    ...(options.constantRate ? ['-r', String(fps)] : []),
    ...['-c:a', 'aac', '-b:a', `${profile.audioBitrateKbps}k`, '-ar', String(SAMPLE_RATE_HZ), '-ac', '2'],
    ...['-map_metadata', '-1', '-map_chapters', '-1'],
  ];
}

/** Muxer arguments of the house format: one AAC frame per PES, time stamps starting at the encoder's own. */
export function houseMuxArgs(): string[] {
  return [
    '-f',
    'mpegts',
    '-pes_payload_size',
    '0',
    '-omit_video_pes_length',
    '0',
    '-muxdelay',
    '0',
    '-muxpreload',
    '0',
  ];
}
