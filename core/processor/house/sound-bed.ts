import { setImmediate } from 'node:timers/promises';
import { SAMPLE_RATE_HZ } from '../../contract/profile.ts';

/** A partial of the chord: nominal pitch, Hz; loudness, 0 to 1; how often it swells in one loop; place left (−1) to right (1). */
interface Partial {
  readonly hertz: number;
  readonly level: number;
  readonly swells: number;
  readonly pan: number;
}

/** D major ninth, wide and low: a bed that may go on for an hour. */
const CHORD: readonly Partial[] = [
  { hertz: 73.42, level: 0.5, swells: 1, pan: 0 },
  { hertz: 110, level: 0.42, swells: 2, pan: -0.3 },
  { hertz: 146.83, level: 0.4, swells: 1, pan: 0.3 },
  { hertz: 185, level: 0.26, swells: 3, pan: -0.5 },
  { hertz: 220, level: 0.24, swells: 2, pan: 0.5 },
  { hertz: 277.18, level: 0.17, swells: 3, pan: 0.7 },
  { hertz: 329.63, level: 0.15, swells: 2, pan: -0.7 },
  { hertz: 440, level: 0.07, swells: 4, pan: 0.4 },
  { hertz: 587.33, level: 0.04, swells: 5, pan: -0.4 },
  { hertz: 659.26, level: 0.03, swells: 3, pan: 0.8 },
];

/** Peak amplitude of the loudest moment; gives about −24 LUFS integrated, under speech and under the programme. */
const GAIN = 0.18;
/** How deep a partial fades between swells. */
const SWELL_DEPTH = 0.75;
const SAMPLES_PER_PAUSE = 8192;

/**
 * A soft pad as interleaved stereo `f32le` at 48 kHz: `samples` frames of one loop followed by `tail` frames of its
 * beginning. Every pitch and swell makes whole turns in the loop, so the end runs into the start without a step; the
 * tail lets the encoder see that. Loops under a few seconds have no swells, since they would flutter.
 */
export async function renderSoundBed(samples: number, tail: number): Promise<Uint8Array> {
  const out = new Float32Array((samples + tail) * 2);
  const seconds = samples / SAMPLE_RATE_HZ;
  const table = await sineTable(samples);
  const swelling = seconds >= 4;
  for (const [index, partial] of CHORD.entries()) {
    const turns = Math.round(partial.hertz * seconds);
    const phase = Math.floor((samples * index) / CHORD.length);
    const left = GAIN * partial.level * Math.sqrt((1 - partial.pan) / 2);
    const right = GAIN * partial.level * Math.sqrt((1 + partial.pan) / 2);
    let level = 1;
    for (let n = 0; n < samples + tail; n += 1) {
      if (n % SAMPLES_PER_PAUSE === 0) await setImmediate();
      if (swelling) level = 1 - SWELL_DEPTH * (0.5 + 0.5 * (table[(partial.swells * n + phase) % samples] ?? 0));
      const value = level * (table[(turns * n + phase) % samples] ?? 0);
      out[2 * n] = (out[2 * n] ?? 0) + left * value;
      out[2 * n + 1] = (out[2 * n + 1] ?? 0) + right * value;
    }
  }
  return new Uint8Array(out.buffer);
}

/** One turn of a sine in `length` steps, made in small parts: it has a million of them. */
async function sineTable(length: number): Promise<Float64Array> {
  const table = new Float64Array(length);
  for (let n = 0; n < length; n += 1) {
    if (n % SAMPLES_PER_PAUSE === 0) await setImmediate();
    table[n] = Math.sin((2 * Math.PI * n) / length);
  }
  return table;
}
