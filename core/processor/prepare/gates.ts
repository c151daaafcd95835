import { z } from 'zod';

const ratio = z.number().min(0).max(1);

/** Setting `prepare`: limits of the quality gates and choices of preparing. Everything has a default. */
export const prepareSettingsSchema = z.object({
  /** Share of the length that may be black. */
  blackRatioMax: ratio.default(0.9),
  /** Share that may be black and silent at the same time. */
  blackAndSilentRatioMax: ratio.default(0.5),
  /** Share that may be frozen; stills are exempt. */
  frozenRatioMax: ratio.default(0.6),
  /** Frozen stretches that together are shorter than this are no fault: a title, an ident. Seconds. */
  frozenSecondsMin: z.number().min(0).default(10),
  /** Share of a sound-only source that may be silent; a picture makes silence a warning only. */
  silentRatioMax: ratio.default(0.9),
  /** Silence longer than this is a warning, seconds. */
  silenceWarningSeconds: z.number().positive().default(10),
  /** Share of the pictures that may be damaged. */
  damagedRatioMax: ratio.default(0.05),
  /** Share of the sound packets that may be undecodable. */
  damagedSoundRatioMax: ratio.default(0.2),
  /** Share of the promised length that must be readable. */
  readableRatioMin: ratio.default(0.5),
  /** Mean VMAF of the sampled windows: lower means another picture than the source's, not just a poor one. */
  vmafMin: z.number().min(0).max(100).default(20),
  /** How long a still picture is shown, seconds. */
  stillSeconds: z.number().min(1).max(3600).default(10),
  /** Languages of sound, best first, ISO 639. */
  languages: z.array(z.string()).default([]),
});
export type PrepareSettings = z.infer<typeof prepareSettingsSchema>;

export const DEFAULT_PREPARE_SETTINGS: PrepareSettings = prepareSettingsSchema.parse({});
