import type { BroadcasterStatus } from '../../../core/contract/broadcaster-status.ts';
import type { Channel } from '../../../core/contract/control-api.ts';
import type { LinkState } from '../api/studio-link.ts';

/** What the on-air lamp says. `lost`: this page does not know; the channel itself may well be on air. */
export type AirState = 'connecting' | 'lost' | 'off' | 'starting' | 'on_air' | 'emergency' | 'unreachable';

/** The lamp never claims more than is known right now: without a connection nothing on the screen counts as live. */
export function airState(
  link: LinkState,
  channel: Pick<Channel, 'air'> | null,
  status: Pick<BroadcasterStatus, 'emergency'> | null,
): AirState {
  if (link.phase === 'lost') return 'lost';
  if (link.phase === 'connecting' || !channel) return 'connecting';
  if (channel.air === 'on_air' && status?.emergency) return 'emergency';
  if (channel.air === 'emergency' && status && !status.emergency) return 'on_air';
  return channel.air;
}

/** True when the figures of the broadcaster may be shown as live. */
export function isLive(air: AirState): boolean {
  return air === 'on_air' || air === 'emergency';
}

/** A broadcaster reports once a second; after this long without a word its figures are "last known", ms. */
export const STATUS_FRESH_MS = 4000;

/** Frame on air now: the reported one moved on by the time since, never past the end. */
export function positionFramesNow(
  program: { positionFrames: number; totalFrames: number },
  reportedAtMs: number,
  nowMs: number,
  fps: number,
): number {
  const since = Math.min(Math.max(0, nowMs - reportedAtMs), STATUS_FRESH_MS);
  const position = program.positionFrames + (since * fps) / 1000;
  return program.totalFrames > 0 ? Math.min(program.totalFrames, position) : position;
}
