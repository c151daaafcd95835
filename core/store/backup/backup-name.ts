import type { BackupKind } from '../../contract/backup.ts';

/** Which database a backup is of: only the studio's are listed and restored. */
type Source = 'studio' | 'metrics';

export interface BackupName {
  readonly source: Source;
  readonly kind: BackupKind;
  /** Unix ms, whole seconds. */
  readonly atMs: number;
}

const SUFFIX: Readonly<Record<BackupKind, string>> = { manual: '', auto: '_auto', pre_restore: '_pre_restore' };
const PATTERN = /^(studio|metrics)_backup_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)(_auto|_pre_restore)?\.db\.gz$/;

/** `studio_backup_YYYYMMDD_HHMMSS[_auto|_pre_restore].db.gz`, UTC. */
export function backupName({ source, kind, atMs }: BackupName): string {
  return `${source}_backup_${timeStamp(atMs)}${SUFFIX[kind]}.db.gz`;
}

/** Null when it is not the name of a backup. */
export function parseBackupName(name: string): BackupName | null {
  const match = PATTERN.exec(name);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(2, 8).map(Number);
  const atMs = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  const kind = match[8] === '_auto' ? 'auto' : match[8] === '_pre_restore' ? 'pre_restore' : 'manual';
  const parsed: BackupName = { source: match[1] === 'metrics' ? 'metrics' : 'studio', kind, atMs };
  // A 31st of February is no date that was ever written.
  return backupName(parsed) === name ? parsed : null;
}

/** `YYYYMMDD_HHMMSS`, UTC. */
export function timeStamp(ms: number): string {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  return `${date.replaceAll('-', '')}_${time.slice(0, 8).replaceAll(':', '')}`;
}
