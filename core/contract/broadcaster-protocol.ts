import { z } from 'zod';
import { broadcasterStatusSchema } from './broadcaster-status.ts';

/**
 * The host ↔ broadcaster protocol: JSON lines over a local socket (core/platform/local-endpoint.ts). The host sends
 * requests and gets one response each; the broadcaster pushes events. The first request must be `hello` with the token
 * of `<data>/run/broadcaster.json` (mode 0600).
 */
export const BROADCASTER_PROTOCOL_VERSION = 1;

const broadcasterCommandSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('hello'), token: z.string(), version: z.number().int() }),
  z.object({ name: z.literal('status') }),
  /** The queue, the assets, the transitions or the destinations in the database changed: read them again. */
  z.object({ name: z.literal('wake') }),
  /** Cut now; go on with this queue item (which the host has already moved to the head), or with the next one. */
  z.object({ name: z.literal('take'), queueItemId: z.string().optional() }),
  z.object({ name: z.literal('skip') }),
  /** While held, the item on air repeats instead of ending. */
  z.object({ name: z.literal('hold'), on: z.boolean() }),
  z.object({ name: z.literal('emergency'), on: z.boolean() }),
  /** Drop the connection of one destination and connect again at once. */
  z.object({ name: z.literal('reconnect'), destinationId: z.string() }),
  /** Go off air: stop pushers, write the journal, exit 0. */
  z.object({ name: z.literal('stop') }),
]);
export type BroadcasterCommand = z.infer<typeof broadcasterCommandSchema>;

export const broadcasterRequestSchema = z.object({ id: z.number().int(), command: broadcasterCommandSchema });

export const broadcasterMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('response'),
    id: z.number().int(),
    /** `status` after the command took effect; null when the request failed. */
    status: broadcasterStatusSchema.nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
  /** Once a second, and at once after every change a person would notice. */
  z.object({ type: z.literal('status'), status: broadcasterStatusSchema }),
  /** New lines in the journal: import them. */
  z.object({ type: z.literal('journal') }),
]);
export type BroadcasterMessage = z.infer<typeof broadcasterMessageSchema>;

/** `<data>/run/broadcaster.json`, written (mode 0600) when the control socket listens. Also used for the origin, with its own fields. */
export const broadcasterRunFileSchema = z.object({
  pid: z.number().int(),
  version: z.number().int(),
  endpoint: z.string(),
  token: z.string(),
  fanoutPort: z.number().int(),
  startedAtMs: z.number(),
});
export type BroadcasterRunFile = z.infer<typeof broadcasterRunFileSchema>;
