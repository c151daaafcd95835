import { z } from 'zod';

/** An RTMP, RTMPS or SRT address. The URL holds the stream key: it is never printed nor logged (see `maskUrl`). */
export const destinationUrlSchema = z.string().refine((text) => /^(rtmps?|srt):\/\/[^\s/]+/.test(text), {
  error: 'a destination must be an rtmp://, rtmps:// or srt:// address',
});

export const destinationSchema = z.object({
  id: z.string(),
  channelId: z.string(),
  name: z.string().min(1).max(80),
  url: destinationUrlSchema,
  enabled: z.boolean(),
  /** The embedded origin: its URL is set by the host at every start. */
  builtIn: z.boolean(),
  createdAtMs: z.number(),
});
export type Destination = z.infer<typeof destinationSchema>;

/** State of one pusher, reported by the broadcaster. */
export const destinationStatusSchema = z.object({
  id: z.string(),
  name: z.string(),
  maskedUrl: z.string(),
  builtIn: z.boolean(),
  state: z.enum(['disabled', 'connecting', 'live', 'stalled', 'backing_off', 'circuit_open']),
  /** Since when it is in this state, Unix ms. */
  sinceMs: z.number(),
  /** Rate accepted by the destination over the last seconds; null until media flows. */
  bitrateKbps: z.number().nullable(),
  reconnects: z.number().int().nonnegative(),
  /** GOPs this destination did not get, because it was down or behind. */
  droppedGops: z.number().int().nonnegative(),
  /** When the next try starts, Unix ms; null when live or disabled. */
  retryAtMs: z.number().nullable(),
  lastError: z.string().nullable(),
});
export type DestinationStatus = z.infer<typeof destinationStatusSchema>;

/**
 * The address without its secrets, for screens and logs: user info, the last path segment of RTMP (the stream key) and
 * the query are replaced by `•••`. Built-in loopback addresses keep their path.
 */
export function maskUrl(url: string): string {
  const match = /^([a-z]+:\/\/)(?:[^/@]*@)?([^/?#]+)([^?#]*)(\?[^#]*)?/i.exec(url);
  if (!match) return '•••';
  const [, scheme = '', host = '', path = '', query = ''] = match;
  const cut = path.lastIndexOf('/');
  const maskedPath = cut > 0 ? `${path.slice(0, cut)}/•••` : path.length > 1 ? '/•••' : path;
  return `${scheme}${host}${maskedPath}${query ? '?•••' : ''}`;
}
