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
  /** A daemon died so often that it is not started any more. Subject: its name. */
  'daemon_given_up',
]);
export type IncidentCode = z.infer<typeof incidentCodeSchema>;
