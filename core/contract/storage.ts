import { z } from 'zod';

/** Folders of the data folder that are ours to tidy; library folders never are. */
export const STORAGE_PARTS = ['assets', 'transitions', 'work', 'house', 'backups', 'logs', 'journal'] as const;
const storagePartSchema = z.enum(STORAGE_PARTS);
export type StoragePart = z.infer<typeof storagePartSchema>;

/** One thing that is settled, with its reason as a sentence. `bytes` is what it frees. */
const storageActionSchema = z.object({
  kind: z.enum([
    /** Removes a file or folder; `subject` is its path inside the data folder. */
    'remove',
    /** Removes the files of an asset that may air; its plan is `planned` again. `subject` is the asset. */
    'evict',
    /** An asset whose file is gone: its state says so from now on. `subject` is the asset. */
    'mark_missing',
    /** A crossfade whose file is gone: its row goes, so that it is rendered again when wanted. `subject` is the transition. */
    'forget_transition',
  ]),
  subject: z.string(),
  bytes: z.number().int().nonnegative(),
  reason: z.string(),
});
export type StorageAction = z.infer<typeof storageActionSchema>;

/** When the volume will be full, by the measured growth. */
const diskForecastSchema = z.discriminatedUnion('state', [
  /** Too few samples, or over too short a time. */
  z.object({ state: z.literal('unknown'), samples: z.number().int() }),
  /** Free space does not shrink. */
  z.object({ state: z.literal('steady'), bytesPerDay: z.number() }),
  z.object({ state: z.literal('filling'), bytesPerDay: z.number(), fullAtMs: z.number() }),
]);
export type DiskForecast = z.infer<typeof diskForecastSchema>;

export const storageReportSchema = z.object({
  atMs: z.number(),
  dataDir: z.string(),
  totalBytes: z.number(),
  freeBytes: z.number(),
  /** Below this, what aired long ago is removed. */
  lowWaterBytes: z.number(),
  usage: z.array(z.object({ part: storagePartSchema, files: z.number().int(), bytes: z.number().int() })),
  /** What the next cleaning settles. */
  actions: z.array(storageActionSchema),
  /** Why some of it is left alone; null when nothing is. */
  problem: z.string().nullable(),
  forecast: diskForecastSchema,
});
export type StorageReport = z.infer<typeof storageReportSchema>;

export const storageCleanSchema = z.object({
  dryRun: z.boolean(),
  actions: z.array(storageActionSchema),
  freedBytes: z.number().int(),
  problem: z.string().nullable(),
});
export type StorageClean = z.infer<typeof storageCleanSchema>;
