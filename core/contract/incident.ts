import { z } from 'zod';

/** Every fault that is worth a person's attention. One code and one subject make one incident, open until it is over. */
export const incidentCodeSchema = z.enum([
  /** A volume is full: preparing waits. Subject: the folder. */
  'disk_full',
  /** The pieces that air when nothing else can are missing or damaged. Subject: the channel. */
  'house_missing',
  /** A library folder cannot be read. Subject: its path. */
  'library_unreadable',
  /** Preparing failed for good. Subject: the plan. */
  'prepare_failed',
  /** A certified asset could not air, or was left on air. Subject: the asset. */
  'asset_damaged',
  /** A crossfade or house piece could not air. Subject: its path. */
  'piece_damaged',
  /** The broadcaster dies again and again. */
  'broadcaster_loop',
  /** The origin dies again and again. */
  'origin_loop',
  /** The nightly backup could not be made. Subject: the database. */
  'backup_failed',
  /** The nightly check found damaged pages in the database. Subject: the database. */
  'database_damaged',
  /** Free space is below the low-water mark: what aired long ago is removed. Subject: the data folder. */
  'storage_low',
  /** Prepared files of many assets cannot be found at once: a volume is probably not mounted. Subject: the folder. */
  'assets_unreachable',
  /** A daemon died so often that it is not started any more. Subject: its name. */
  'daemon_given_up',
  /** The broadcaster does not answer although it should be on air. */
  'broadcaster_mute',
  /** A destination gets no media. Subject: the destination. */
  'destination_down',
  /** What the embedded origin sends back cannot be watched. */
  'return_lost',
  /** The picture is black and the asset does not explain it. Subject: the asset. */
  'program_black',
  /** The picture does not move and the asset does not explain it. Subject: the asset. */
  'program_frozen',
  /** There is no sound and the asset does not explain it. Subject: the asset. */
  'program_silent',
  /** Time stamps of picture and sound have holes or drift apart. */
  'stream_irregular',
  /** The system clock was set. */
  'clock_jump',
  /** Less is queued than an hour, although the library has more. */
  'buffer_low',
  /** The pieces that air when nothing else can could not be verified. Subject: the channel. */
  'emergency_unverified',
  /** Little room on the volume of the data folder. Subject: the folder. */
  'disk_low',
  /** The database is damaged. */
  'database_damaged',
  /** A process does not get to its work in time. Subject: its name. */
  'process_slow',
  /** Viewers see the emergency loop or the slate. Subject: the channel. */
  'emergency_on_air',
  /** Several files in a row could not be prepared: it is not the files. Subject: the channel. */
  'prepare_failing',
  /** An alert channel could not deliver its message several times. Subject: the alert channel. */
  'alert_undeliverable',
]);
export type IncidentCode = z.infer<typeof incidentCodeSchema>;

export const severitySchema = z.enum(['info', 'warning', 'critical']);
export type Severity = z.infer<typeof severitySchema>;

/** One fault from its first sighting to its end. `severity` is the worst it has been. */
export const incidentRecordSchema = z.object({
  id: z.string(),
  code: incidentCodeSchema,
  subject: z.string(),
  severity: severitySchema,
  message: z.string(),
  openedAtMs: z.number(),
  lastSeenMs: z.number(),
  /** How often it was reported. */
  count: z.number().int(),
  resolvedAtMs: z.number().nullable(),
});
export type IncidentRecord = z.infer<typeof incidentRecordSchema>;

/** One line of an incident's history: a sighting, something that was done about it, or its end. */
export const incidentEventSchema = z.object({
  kind: z.enum(['seen', 'action', 'resolved']),
  message: z.string(),
  atMs: z.number(),
});
export type IncidentEvent = z.infer<typeof incidentEventSchema>;
