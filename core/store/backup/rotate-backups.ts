import type { BackupName } from './backup-name.ts';

export interface RotationCandidate extends BackupName {
  readonly name: string;
}

/** Backups of one kind that are kept. */
export const BACKUPS_KEPT = 7;
export const BACKUP_DAYS_KEPT = 30;
const DAY_MS = 24 * 3600_000;

/**
 * Which backups go: of each database and kind, those beyond the newest {@link BACKUPS_KEPT} and those older than
 * {@link BACKUP_DAYS_KEPT} days. `goodName` is the newest one that was proved good; it stays whatever its age, and while
 * none is proved (null) nothing goes. One dated in the future (the clock was wrong) counts as new.
 */
export function backupsToDelete(
  backups: readonly RotationCandidate[],
  goodName: string | null,
  nowMs: number,
): RotationCandidate[] {
  if (goodName === null) return [];
  const seen = new Map<string, number>();
  return [...backups].sort(newestFirst).filter((backup) => {
    const group = `${backup.source} ${backup.kind}`;
    const place = seen.get(group) ?? 0;
    seen.set(group, place + 1);
    if (backup.name === goodName) return false;
    return place >= BACKUPS_KEPT || nowMs - backup.atMs > BACKUP_DAYS_KEPT * DAY_MS;
  });
}

/** Newest first; equal seconds by name, so that the order is always the same. */
export function newestFirst(a: RotationCandidate, b: RotationCandidate): number {
  return b.atMs - a.atMs || (a.name < b.name ? 1 : -1);
}
