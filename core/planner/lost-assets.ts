import type { StoreCommandArgs } from '../contract/store-commands.ts';
import type { StudioReader } from '../store/studio-reader.ts';

const LOST: ReadonlySet<string> = new Set(['asset_damaged', 'asset_missing']);
/** An asset that is lost sooner after it was made is not made again by itself: something is wrong with the disk, and a person is to look. */
const SOUND_FOR_MS = 10 * 60_000;
const AT_A_TIME = 50;

/** Plans whose prepared file was lost and can be made again from its source. */
export function retryLostAssets(
  reader: StudioReader,
  channelId: string,
  atMs: number,
): StoreCommandArgs<'plan.retry'>[] {
  return reader
    .plans({ channelId, states: ['failed'], limit: AT_A_TIME })
    .filter(({ reason }) => reason !== null && LOST.has(reason.code))
    .filter(({ assetId, updatedAtMs }) => {
      const asset = assetId === null ? null : reader.asset(assetId);
      return asset !== null && updatedAtMs - asset.createdAtMs >= SOUND_FOR_MS;
    })
    .map(({ id }) => ({ planId: id, atMs }));
}
