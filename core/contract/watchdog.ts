import { z } from 'zod';

/** What the watchdog may do, from the least to the most risky. The last asks a person. */
const WATCHDOG_ACTIONS = [
  'wake_planner',
  'reconnect',
  'emergency_on',
  'emergency_off',
  'restart_broadcaster',
  'escalate',
] as const;
const watchdogActionSchema = z.enum(WATCHDOG_ACTIONS);
export type WatchdogAction = z.infer<typeof watchdogActionSchema>;

/** One check that is repeated. Times are Unix ms, null when it never happened. */
const watchdogSchema = z.object({
  /** False while there is nothing to watch: the channel is off air, or the destination is switched off. */
  running: z.boolean(),
  /** `unknown`: the check itself failed; it counts as healthy and never leads to an action. */
  state: z.enum(['healthy', 'unhealthy', 'unknown']),
  /** What was seen last, as a sentence. */
  message: z.string(),
  consecutive_unhealthy: z.number().int().nonnegative(),
  last_healthy_time: z.number().nullable(),
  last_recovery_time: z.number().nullable(),
  recovery_count: z.number().int().nonnegative(),
  /** Seconds between two checks. */
  check_interval: z.number().positive(),
});
export type WatchdogEntry = z.infer<typeof watchdogSchema>;

/** One thing the watchdog did, kept over its restarts: the limits per hour are counted here. */
export const watchdogActSchema = z.object({
  atMs: z.number(),
  watchdog: z.string(),
  action: watchdogActionSchema,
  /** What was seen, as a sentence. */
  reason: z.string(),
  outcome: z.enum(['done', 'failed']),
});
export type WatchdogAct = z.infer<typeof watchdogActSchema>;

/** One fault that is over. Layer 1: the broadcaster replaced a pusher by itself; layer 2: the watchdog saw it through. */
export const recoverySchema = z.object({
  layer: z.union([z.literal(1), z.literal(2)]),
  watchdog: z.string(),
  fromMs: z.number(),
  /** From the first unhealthy sight to the first healthy one. */
  recoveryMs: z.number().nonnegative(),
  action: watchdogActionSchema.nullable(),
});
export type Recovery = z.infer<typeof recoverySchema>;

export const watchdogStatusSchema = z.object({
  watchdog_count: z.number().int().nonnegative(),
  watchdogs: z.record(z.string(), watchdogSchema),
  /** Newest last. */
  restart_history: z.array(watchdogActSchema),
  recovery_history: z.array(recoverySchema),
});
export type WatchdogStatus = z.infer<typeof watchdogStatusSchema>;
