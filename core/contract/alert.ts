import { z } from 'zod';
import { incidentCodeSchema, severitySchema } from './incident.ts';

const httpUrl = z
  .string()
  .refine((text) => /^https?:\/\/[^\s/]+/.test(text) && URL.canParse(text), { error: 'must be an http(s):// address' });
const mailAddress = z
  .string()
  .refine((text) => /^[^\s@<>]+@[^\s@<>]+$/.test(text), { error: 'must be a mail address' });

/**
 * Where alerts go and how. Addresses of Slack, Discord and webhooks are secrets, since whoever knows them may write there;
 * so are tokens and passwords. They are stored like stream keys and never leave the studio again.
 */
export const alertTargetSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('webhook'),
    url: httpUrl,
    /** Key of the HMAC-SHA256 signature in `x-vvtv-signature`. */
    secret: z.string().min(16, 'the signing key needs at least 16 characters'),
  }),
  z.object({
    kind: z.literal('telegram'),
    botToken: z.string().regex(/^\d+:[\w-]+$/, 'a bot token looks like 123456:ABC-DEF'),
    chatId: z.string().regex(/^(-?\d+|@\w+)$/, 'a chat id is a number or @channelname'),
    /** Another Bot API server than Telegram's own. */
    apiUrl: httpUrl.default('https://api.telegram.org'),
  }),
  z.object({ kind: z.literal('slack'), url: httpUrl }),
  z.object({ kind: z.literal('discord'), url: httpUrl }),
  z.object({
    kind: z.literal('email'),
    host: z.string().min(1),
    port: z.coerce.number().int().min(1).max(65_535).default(587),
    /** `implicit`: TLS from the first byte (465). `starttls`: required upgrade. `none`: plain, for a relay on this machine. */
    tls: z.enum(['implicit', 'starttls', 'none']).default('starttls'),
    user: z.string().optional(),
    password: z.string().optional(),
    from: mailAddress,
    to: mailAddress,
  }),
]);
export type AlertTarget = z.infer<typeof alertTargetSchema>;
export type AlertTargetKind = AlertTarget['kind'];

/** Fields of a target that are written and never read back. */
const ALERT_SECRETS: Readonly<Record<AlertTargetKind, readonly string[]>> = {
  webhook: ['url', 'secret'],
  telegram: ['botToken'],
  slack: ['url'],
  discord: ['url'],
  email: ['password'],
};

export const alertChannelSchema = z.object({
  id: z.string(),
  channelId: z.string(),
  name: z.string().min(1).max(80),
  target: alertTargetSchema,
  /** Milder incidents are not told here. */
  minSeverity: severitySchema,
  createdAtMs: z.number(),
});
export type AlertChannel = z.infer<typeof alertChannelSchema>;

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is HH:MM');

/** What may be changed of the setting `alerts`. */
export const alertSettingsChangeSchema = z.object({
  /** Local times between which only critical incidents are told; the rest follows in one message afterwards. */
  quietHours: z.object({ from: clockTime, to: clockTime }).nullable().optional(),
  /** A fault that comes back within this time is told once it has lasted longer. Critical ones wait 5 minutes at most. */
  cooldownMinutes: z.number().min(0).max(1440).optional(),
  /** So many files in a row that could not be prepared are a warning; fewer are only noted. */
  failedFilesInARow: z.number().int().min(1).max(100).optional(),
});

/** Setting `alerts`: how much and when people are told. */
export const alertSettingsSchema = z.object({
  quietHours: alertSettingsChangeSchema.shape.quietHours.transform((value) => value ?? null),
  cooldownMinutes: z.number().min(0).max(1440).default(15),
  failedFilesInARow: z.number().int().min(1).max(100).default(3),
});
export type AlertSettings = z.infer<typeof alertSettingsSchema>;

export const ALERT_SETTING = 'alerts';

/** Reads the setting; what is missing or unreadable has its default. */
export function alertSettings(stored: unknown): AlertSettings {
  const read = alertSettingsSchema.safeParse(stored ?? {});
  return read.success ? read.data : alertSettingsSchema.parse({});
}

/** One fact of a message. `passed`: it was there and is over before anybody could be told. */
const alertItemSchema = z.object({
  change: z.enum(['opened', 'worse', 'passed', 'resolved']),
  incidentId: z.string(),
  code: incidentCodeSchema,
  subject: z.string(),
  severity: severitySchema,
  message: z.string(),
  openedAtMs: z.number(),
  resolvedAtMs: z.number().nullable(),
});
export type AlertItem = z.infer<typeof alertItemSchema>;

/** What one delivery carries. The id stays the same when a delivery is repeated. */
const alertMessageSchema = z.object({
  id: z.string(),
  channelName: z.string(),
  atMs: z.number(),
  /** Worst first. */
  items: z.array(alertItemSchema).min(1),
});
export type AlertMessage = z.infer<typeof alertMessageSchema>;

/**
 * What was told through one alert channel, and what is under way: stored, so that a restart neither repeats nor loses.
 */
export const alertStateSchema = z.object({
  /** By code and subject: what people believe to be broken. */
  told: z.record(z.string(), z.object({ incidentId: z.string(), severity: severitySchema, atMs: z.number() })),
  /** By code and subject: when people were last told that it is over. */
  cooling: z.record(z.string(), z.number()),
  /** Critical incidents that were over before anybody could be told. */
  passed: z.record(z.string(), alertItemSchema),
  /** Ends of incidents up to this row of the store are settled, told, or in `passed`. */
  settledRow: z.number().int(),
  /** Times of the messages of the last ten minutes. */
  sentAtMs: z.array(z.number()),
  /** The message being delivered: after a crash it is delivered again, with the same id. */
  outbox: alertMessageSchema.nullable(),
  failures: z.number().int(),
  retryAtMs: z.number().nullable(),
  lastError: z.string().nullable(),
  lastDeliveredAtMs: z.number().nullable(),
});
export type AlertState = z.infer<typeof alertStateSchema>;

/** An alert channel as screens show it: without its secrets, but with which of them are set. */
export const alertChannelViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['webhook', 'telegram', 'slack', 'discord', 'email']),
  minSeverity: severitySchema,
  /** Fields that are no secrets. */
  fields: z.record(z.string(), z.string()),
  secrets: z.record(z.string(), z.enum(['set', 'not set'])),
  lastDeliveredAtMs: z.number().nullable(),
  /** Deliveries that failed since the last one that did not. */
  failures: z.number().int(),
  lastError: z.string().nullable(),
});
export type AlertChannelView = z.infer<typeof alertChannelViewSchema>;

/** Shows an alert channel without its secrets. */
export function viewAlertChannel(channel: AlertChannel, state: AlertState | null): AlertChannelView {
  const { id, name, minSeverity, target } = channel;
  const hidden = ALERT_SECRETS[target.kind];
  const values: [string, unknown][] = Object.entries(target);
  const open = values.filter(([key, value]) => key !== 'kind' && value !== undefined && !hidden.includes(key));
  return {
    id,
    name,
    kind: target.kind,
    minSeverity,
    fields: Object.fromEntries(open.map(([key, value]) => [key, String(value)])),
    secrets: Object.fromEntries(
      hidden.map((key) => [key, values.some(([name, value]) => name === key && value) ? 'set' : 'not set']),
    ),
    lastDeliveredAtMs: state?.lastDeliveredAtMs ?? null,
    failures: state?.failures ?? 0,
    lastError: state?.lastError ?? null,
  };
}
