import { z } from 'zod';

/** Clock of MPEG-TS time stamps, ticks per second (ISO/IEC 13818-1 §2.4.2.1). */
export const TICKS_PER_SECOND = 90_000;
/** House audio sample rate, Hz. */
export const SAMPLE_RATE_HZ = 48_000;
/** Samples of one AAC-LC frame. */
export const AAC_FRAME_SAMPLES = 1024;
/** Ticks of one AAC frame at 48 kHz: 1024 / 48000 × 90000, an integer. */
export const AAC_FRAME_TICKS = 1920;

/**
 * Frames per grid unit for each house frame rate: the shortest span in which video frames and AAC frames end together,
 * so that a cut on the grid leaves an A/V residual of exactly zero (docs/architecture.md, "Grid").
 */
export const GRID_FRAMES = { 25: 8, 30: 16, 50: 16, 60: 32 } as const;

const frameRateSchema = z.union([z.literal(25), z.literal(30), z.literal(50), z.literal(60)]);
export type FrameRate = z.infer<typeof frameRateSchema>;

/** The one exact encoding in which everything on air exists. Two pieces splice only when their profile ids are equal. */
export const houseProfileSchema = z
  .object({
    width: z.number().int().min(64).max(3840).multipleOf(2),
    height: z.number().int().min(64).max(2160).multipleOf(2),
    fps: frameRateSchema,
    /** Frames per GOP; a multiple of the grid. Every GOP is closed and starts with an IDR that carries SPS and PPS. */
    gopFrames: z.number().int().positive(),
    videoBitrateKbps: z.number().int().min(100).max(50_000),
    audioBitrateKbps: z.number().int().min(64).max(320),
    /** x264 preset. Part of the format: another preset writes another PPS. */
    preset: z.enum(['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow']),
  })
  .refine((p) => p.gopFrames % GRID_FRAMES[p.fps] === 0, {
    error: 'gopFrames must be a multiple of the grid of this frame rate',
  });
export type HouseProfile = z.infer<typeof houseProfileSchema>;

export const DEFAULT_PROFILE: HouseProfile = {
  width: 1280,
  height: 720,
  fps: 30,
  gopFrames: 32,
  videoBitrateKbps: 3000,
  audioBitrateKbps: 160,
  preset: 'medium',
};

/** Stable name of a profile, used as a key and in paths: `1280x720p30g32-3000k-160k-medium`. */
export function profileId(p: HouseProfile): string {
  return `${p.width}x${p.height}p${p.fps}g${p.gopFrames}-${p.videoBitrateKbps}k-${p.audioBitrateKbps}k-${p.preset}`;
}

/** 90 kHz ticks of one video frame: 3600, 3000, 1800 or 1500. */
export function frameTicks(p: HouseProfile): number {
  return TICKS_PER_SECOND / p.fps;
}

export function framesToMs(p: HouseProfile, frames: number): number {
  return (frames * 1000) / p.fps;
}

/** Frames of a crossfade piece: one GOP, so that the incoming item resumes at a keyframe. */
export function transitionFrames(p: HouseProfile): number {
  return p.gopFrames;
}

/** Fewest frames an asset needs to take part in a crossfade at both ends and keep at least one GOP of itself. */
export function crossfadeMinimumFrames(p: HouseProfile): number {
  return 3 * p.gopFrames;
}
