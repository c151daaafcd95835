import { z } from 'zod';

/** `manual`: asked for by a person; `auto`: nightly and before migrations; `pre_restore`: what a restore replaced. */
const backupKindSchema = z.enum(['manual', 'auto', 'pre_restore']);
export type BackupKind = z.infer<typeof backupKindSchema>;

/** One file of `<data>/backups`. */
export const backupSchema = z.object({
  name: z.string(),
  kind: backupKindSchema,
  atMs: z.number(),
  /** Size of the compressed file. */
  bytes: z.number().int().nonnegative(),
});
export type Backup = z.infer<typeof backupSchema>;

/** What a look into a whole backup found. */
export const backupReportSchema = z.object({
  name: z.string(),
  good: z.boolean(),
  /** Why it is not good; null when it is. */
  problem: z.string().nullable(),
  /** Null where it could not be read that far. */
  schemaVersion: z.number().int().nullable(),
  /** Size of the database inside; null when it cannot be unpacked. */
  databaseBytes: z.number().int().nullable(),
  /** Rows of every table, by its name. */
  rows: z.record(z.string(), z.number().int()),
});
export type BackupReport = z.infer<typeof backupReportSchema>;

/** What a restore did, or with `dryRun` would do. */
export const restoreReportSchema = z.object({
  dryRun: z.boolean(),
  restored: backupReportSchema,
  /** Backup of what was there before; null when that could not be read any more. */
  preRestore: z.string().nullable(),
  /** Where the broken database was kept; null when it was sound. */
  brokenKeptAs: z.string().nullable(),
  /** Journal lines that aired after the backup and were imported again. */
  journalEntries: z.number().int(),
});
export type RestoreReport = z.infer<typeof restoreReportSchema>;
