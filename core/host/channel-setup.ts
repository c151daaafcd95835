import { randomBytes } from 'node:crypto';
import { StudioError } from '../contract/errors.ts';
import { DEFAULT_PROFILE, type HouseProfile, profileId } from '../contract/profile.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import { systemClock } from '../platform/clock.ts';
import type { ChannelRow, StudioReader } from '../store/studio-reader.ts';

/**
 * The channel's row: made at first start (and then wanted on air), changed when another name or profile is given.
 */
export async function ensureChannel(
  store: StoreClient,
  reader: StudioReader,
  channelId: string,
  wanted: { readonly name?: string | undefined; readonly profile?: HouseProfile | undefined },
): Promise<ChannelRow> {
  const known = reader.channel(channelId);
  const name = wanted.name ?? known?.name ?? 'VoulezVous TV';
  const profile = wanted.profile ?? known?.profile ?? DEFAULT_PROFILE;
  if (known && known.name === name && known.profileId === profileId(profile)) return known;
  const seed = known?.seed ?? randomBytes(16).toString('hex');
  const writes: Promise<unknown>[] = [
    store.run('channel.ensure', { channelId, name, profile, seed, atMs: systemClock.wallMs() }),
  ];
  if (!known) writes.push(store.run('channel.setOnAirWanted', { channelId, wanted: true }));
  await Promise.all(writes);
  const row = reader.channel(channelId);
  if (!row) throw new StudioError('INTERNAL', `channel ${channelId} was stored but cannot be read`);
  return row;
}
