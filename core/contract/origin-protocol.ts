import { z } from 'zod';

/**
 * The host ↔ origin protocol: JSON lines over a local socket, shaped like the broadcaster's. The first request must be
 * `hello` with the token of `<data>/run/origin.json` (mode 0600). Every request gets one response; the origin also pushes
 * `status` after every change a person would notice (publisher or subscriber came or went).
 */
export const ORIGIN_PROTOCOL_VERSION = 1;

const originCommandSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('hello'), token: z.string(), version: z.number().int() }),
  z.object({ name: z.literal('status') }),
  /** Close every connection, remove the run file, exit 0. */
  z.object({ name: z.literal('stop') }),
]);
export type OriginCommand = z.infer<typeof originCommandSchema>;

export const originRequestSchema = z.object({ id: z.number().int(), command: originCommandSchema });

/** What the origin receives and serves. Times are Unix ms, null when it never happened. */
const originStatusSchema = z.object({
  atMs: z.number(),
  pid: z.number().int(),
  startedAtMs: z.number(),
  channelId: z.string(),
  rtmpPort: z.number().int(),
  publishing: z.boolean(),
  publisherSinceMs: z.number().nullable(),
  /** Publishers accepted since the process started; one means the connection was never lost. */
  publishes: z.number().int().nonnegative(),
  /** Of these, those that went on exactly where the one before had stopped: no frame lost, none twice. */
  continued: z.number().int().nonnegative(),
  subscribers: z.number().int().nonnegative(),
  bytesIn: z.number().nonnegative(),
  lastVideoAtMs: z.number().nullable(),
  lastAudioAtMs: z.number().nullable(),
  /** GOPs not sent to a subscriber that was too slow, over all subscribers. */
  droppedGops: z.number().int().nonnegative(),
});
export type OriginStatus = z.infer<typeof originStatusSchema>;

export const originMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('response'),
    id: z.number().int(),
    status: originStatusSchema.nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
  z.object({ type: z.literal('status'), status: originStatusSchema }),
]);
export type OriginMessage = z.infer<typeof originMessageSchema>;

/** `<data>/run/origin.json` (mode 0600), present while the origin listens. `publishUrl` holds the secret stream key. */
export const originRunFileSchema = z.object({
  pid: z.number().int(),
  version: z.number().int(),
  endpoint: z.string(),
  token: z.string(),
  rtmpPort: z.number().int(),
  publishUrl: z.string(),
  /** Open to anybody on this machine: `rtmp://127.0.0.1:PORT/live/<channel>`. */
  playUrl: z.string(),
  startedAtMs: z.number(),
});
export type OriginRunFile = z.infer<typeof originRunFileSchema>;

/** `<data>/run/origin-address.json` (mode 0600), kept over restarts, so that a new origin has the address of the last one. */
export const originAddressSchema = z.object({
  rtmpPort: z.number().int().min(1).max(65_535),
  streamKey: z.string().min(16),
});
export type OriginAddress = z.infer<typeof originAddressSchema>;
