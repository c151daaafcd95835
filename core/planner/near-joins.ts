import { ulid } from 'ulid';
import { crossfadeMinimumFrames } from '../contract/profile.ts';
import type { StoreCommandArgs } from '../contract/store-commands.ts';
import type { StudioReader } from '../store/studio-reader.ts';

/** The item on air and the next six. */
const NEAR_ITEMS = 7;

/** The joins of the near queue that want a crossfade, nearest first: both assets ready, of the channel's profile, and long enough. */
export function nearJoins(
  reader: StudioReader,
  channelId: string,
  atMs: number,
): StoreCommandArgs<'transition.want'>['pairs'] {
  const channel = reader.channel(channelId);
  if (channel === null) return [];
  const minimum = crossfadeMinimumFrames(channel.profile);
  const near = reader.queue(channelId, NEAR_ITEMS).map(({ asset }) => asset);
  const pairs = near.slice(1).flatMap((to, index) => {
    const from = near[index];
    const fits =
      from !== undefined &&
      [from, to].every(
        (asset) => asset.state === 'ready' && asset.profileId === channel.profileId && asset.frames >= minimum,
      );
    return fits ? [{ id: ulid(atMs), fromAssetId: from.id, toAssetId: to.id, profileId: channel.profileId }] : [];
  });
  return pairs;
}
