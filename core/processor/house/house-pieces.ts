import type { HouseProfile } from '../../contract/profile.ts';
import type { Light } from './light-field.ts';

/** A screen of `resources/emergency` with its light, its sound and its length. */
export interface HousePiece {
  /** Name of its files: `<name>.ts`, `<name>.index.json`. */
  readonly name: 'slate' | 'emergency' | 'error';
  readonly card: string;
  /** Are the rings laid over the light? */
  readonly rings: boolean;
  readonly lights: readonly Light[];
  readonly sound: 'pad' | 'silence';
  /** Wanted length, seconds; rounded to whole GOPs. */
  readonly seconds: number;
}

const VIOLET: Light = {
  ...{ x: 0.76, y: 0.44, swingX: 0.1, swingY: 0.12, turns: 1, phase: 0 },
  ...{ radiusX: 0.62, radiusY: 0.55, colour: [78, 56, 186], breath: 0.18 },
};
const ROSE: Light = {
  ...{ x: 0.93, y: 0.88, swingX: 0.14, swingY: 0.1, turns: 1, phase: 0.4 },
  ...{ radiusX: 0.6, radiusY: 0.42, colour: [122, 30, 88], breath: 0.25 },
};
const BLUE: Light = {
  ...{ x: 0.5, y: 0.02, swingX: 0.16, swingY: 0.08, turns: 1, phase: 0.7 },
  ...{ radiusX: 0.7, radiusY: 0.42, colour: [18, 42, 104], breath: 0.2 },
};
const DUSK: Light = {
  ...{ x: 0.08, y: 1.05, swingX: 0.1, swingY: 0.06, turns: 1, phase: 0.2 },
  ...{ radiusX: 0.8, radiusY: 0.4, colour: [38, 24, 84], breath: 0.1 },
};
/** The small light that wanders along the rings. */
const SPARK: Light = {
  ...{ x: 0.756, y: 0.458, swingX: 0.17, swingY: 0.29, turns: 2, phase: 0.55 },
  ...{ radiusX: 0.2, radiusY: 0.2, colour: [66, 56, 128], breath: 0.3 },
};

const STILL_BREATH: Light = {
  ...{ x: 0.5, y: 0.47, swingX: 0.03, swingY: 0.03, turns: 1, phase: 0 },
  ...{ radiusX: 0.75, radiusY: 0.42, colour: [70, 50, 170], breath: 0.12 },
};
const STILL_ROSE: Light = {
  ...{ x: 0.82, y: 0.95, swingX: 0.03, swingY: 0.02, turns: 1, phase: 0.5 },
  ...{ radiusX: 0.7, radiusY: 0.4, colour: [96, 24, 74], breath: 0.1 },
};

const COOL: Light = { ...VIOLET, colour: [58, 62, 186], turns: 1 };
const EMBER: Light = { ...ROSE, colour: [140, 62, 48] };

/** In the order in which they are rendered: the slate first, since the channel can go on air with it alone. */
export const HOUSE_PIECES: readonly HousePiece[] = [
  {
    name: 'slate',
    card: 'slate.svg',
    rings: false,
    lights: [STILL_BREATH, STILL_ROSE, BLUE],
    sound: 'silence',
    seconds: 2,
  },
  {
    name: 'emergency',
    card: 'emergency.svg',
    rings: true,
    lights: [VIOLET, ROSE, BLUE, DUSK, SPARK],
    sound: 'pad',
    seconds: 21,
  },
  { name: 'error', card: 'error.svg', rings: true, lights: [COOL, EMBER, BLUE, DUSK], sound: 'pad', seconds: 8 },
];

/** Length of a piece: whole GOPs, at least two. */
export function pieceFrames(piece: HousePiece, profile: HouseProfile): number {
  return Math.max(2, Math.round((piece.seconds * profile.fps) / profile.gopFrames)) * profile.gopFrames;
}
