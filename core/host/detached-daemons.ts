import { fileURLToPath } from 'node:url';
import {
  BROADCASTER_PROTOCOL_VERSION,
  type BroadcasterRunFile,
  broadcasterMessageSchema,
  broadcasterRunFileSchema,
} from '../contract/broadcaster-protocol.ts';
import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import {
  ORIGIN_PROTOCOL_VERSION,
  type OriginRunFile,
  type OriginStatus,
  originMessageSchema,
  originRunFileSchema,
} from '../contract/origin-protocol.ts';
import type { LinkProtocol } from '../platform/control-link.ts';
import type { DetachedOptions } from './detached-process.ts';

/** Absolute path of a daemon's program. Host and daemons never import each other: this path is all they share. */
export const daemonModule = (name: string): string => fileURLToPath(new URL(`../${name}/main.ts`, import.meta.url));

type Own<RunFile extends { pid: number; endpoint: string; token: string }, Status> = Pick<
  DetachedOptions<RunFile, Status>,
  'protocol' | 'parseRunFile'
>;

const broadcasterProtocol: LinkProtocol<BroadcasterStatus> = {
  name: 'broadcaster',
  version: BROADCASTER_PROTOCOL_VERSION,
  parse: (raw) => broadcasterMessageSchema.parse(raw),
};

const originProtocol: LinkProtocol<OriginStatus> = {
  name: 'origin',
  version: ORIGIN_PROTOCOL_VERSION,
  parse: (raw) => originMessageSchema.parse(raw),
};

export const BROADCASTER: Own<BroadcasterRunFile, BroadcasterStatus> = {
  protocol: broadcasterProtocol,
  parseRunFile: (raw) => broadcasterRunFileSchema.parse(raw),
};

export const ORIGIN: Own<OriginRunFile, OriginStatus> = {
  protocol: originProtocol,
  parseRunFile: (raw) => originRunFileSchema.parse(raw),
};
