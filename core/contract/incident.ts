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
]);
export type IncidentCode = z.infer<typeof incidentCodeSchema>;
