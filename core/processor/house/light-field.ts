import { setImmediate } from 'node:timers/promises';

/** Size of one frame of the field; ffmpeg scales it up, and nothing in it is sharp. */
export const FIELD_WIDTH = 128;
export const FIELD_HEIGHT = 72;

/** A soft light: where it is (0 to 1 of width and height), how it moves, how large and how bright it is. */
export interface Light {
  readonly x: number;
  readonly y: number;
  /** Swing around that place. */
  readonly swingX: number;
  readonly swingY: number;
  /** Whole turns in one loop, so that the last frame leads into the first; and where in a turn it starts (0 to 1). */
  readonly turns: number;
  readonly phase: number;
  /** Half-widths, in parts of the height. */
  readonly radiusX: number;
  readonly radiusY: number;
  /** Colour added at its centre, sRGB 0 to 255. */
  readonly colour: readonly [number, number, number];
  /** How much its brightness breathes (0 to 1), with the same turns. */
  readonly breath: number;
}

/** Colour where no light falls, sRGB. */
const NIGHT = [9, 9, 15] as const;
const FULL = 65_535;

/**
 * One loop of drifting light over darkness, as `rgb48le` frames of FIELD_WIDTH × FIELD_HEIGHT. Sixteen bits, since slow
 * dark gradients show steps in eight. Periodic: frame `frames` would be frame 0 again. Yields to the event loop between frames.
 */
export async function renderLightField(lights: readonly Light[], frames: number): Promise<Uint8Array> {
  const pixels = FIELD_WIDTH * FIELD_HEIGHT * 3;
  const out = new Uint16Array(pixels * frames);
  const sum = new Float64Array(pixels);
  for (let frame = 0; frame < frames; frame += 1) {
    drawFrame(out.subarray(frame * pixels, (frame + 1) * pixels), sum, lights, frame / frames);
    await setImmediate();
  }
  return new Uint8Array(out.buffer);
}

/** `moment`: 0 to 1 of the loop. `sum` is scratch space. */
function drawFrame(out: Uint16Array, sum: Float64Array, lights: readonly Light[], moment: number): void {
  sum.fill(0);
  for (const light of lights) addLight(sum, light, moment);
  for (let i = 0; i < out.length; i += 1) {
    const base = (NIGHT[i % 3] ?? 0) / 255;
    // Lights add up softly: never past white.
    out[i] = Math.round(FULL * (1 - (1 - base) * Math.exp(-(sum[i] ?? 0))));
  }
}

/** A Gaussian is separable: one row and one column of weights per light. */
function addLight(sum: Float64Array, light: Light, moment: number): void {
  const angle = 2 * Math.PI * (moment * light.turns + light.phase);
  const aspect = FIELD_WIDTH / FIELD_HEIGHT;
  const centreX = (light.x + light.swingX * Math.sin(angle)) * aspect;
  const centreY = light.y + light.swingY * Math.cos(angle);
  const strength = 1 + light.breath * Math.sin(angle + Math.PI / 3);
  const column = Float64Array.from({ length: FIELD_WIDTH }, (_, x) =>
    gauss(((x + 0.5) / FIELD_HEIGHT - centreX) / light.radiusX),
  );
  const [red, green, blue] = light.colour;
  for (let y = 0, i = 0; y < FIELD_HEIGHT; y += 1) {
    const row = strength * gauss(((y + 0.5) / FIELD_HEIGHT - centreY) / light.radiusY);
    for (let x = 0; x < FIELD_WIDTH; x += 1, i += 3) {
      const weight = (row * (column[x] ?? 0)) / 255;
      sum[i] = (sum[i] ?? 0) + red * weight;
      sum[i + 1] = (sum[i + 1] ?? 0) + green * weight;
      sum[i + 2] = (sum[i + 2] ?? 0) + blue * weight;
    }
  }
}

function gauss(distance: number): number {
  return Math.exp(-distance * distance);
}
