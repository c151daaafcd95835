import type { HouseProfile } from '../core/contract/profile.ts';

/** Small and quick to encode, otherwise like the real one. */
export const TINY_PROFILE: HouseProfile = {
  width: 320,
  height: 180,
  fps: 30,
  gopFrames: 32,
  videoBitrateKbps: 600,
  audioBitrateKbps: 96,
  preset: 'ultrafast',
};
