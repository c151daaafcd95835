import type { AssetIndex } from '../contract/asset-index.ts';
import { StudioError } from '../contract/errors.ts';

/** What every piece of a channel has in common; without it a splice breaks the picture at the viewer. */
export interface PieceIdentity {
  readonly profileId: string;
  readonly headerHash: string;
}

/** Throws ASSET_DAMAGED when a piece was made for another profile or has other parameter sets. */
export function checkIdentity(path: string, index: AssetIndex, identity: PieceIdentity): void {
  const wrong = (what: string): StudioError =>
    new StudioError('ASSET_DAMAGED', `${path}: ${what}`, { detail: { path } });
  if (index.profileId !== identity.profileId)
    throw wrong(`made for profile ${index.profileId} instead of ${identity.profileId}`);
  if (index.headerHash !== identity.headerHash) throw wrong('its SPS and PPS are not those of the channel');
}
