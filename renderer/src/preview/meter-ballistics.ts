/** Lowest level on the scale, dBFS. */
export const METER_FLOOR_DB = -60;
const RELEASE_DB_PER_S = 20;
const HOLD_MS = 1500;
const HOLD_RELEASE_DB_PER_S = 30;

/** One channel of a peak meter: jumps up at once, falls 20 dB a second (IEC 60268-10 type I), holds its peak for 1.5 s. */
export class MeterBallistics {
  levelDb = METER_FLOOR_DB;
  holdDb = METER_FLOOR_DB;
  #holdSinceMs = 0;
  #lastMs: number | null = null;

  /** Takes the sample peak (0 to 1 and above) since the last call, at `nowMs` of any steady clock. */
  push(peak: number, nowMs: number): void {
    const seconds = this.#lastMs === null ? 0 : Math.max(0, nowMs - this.#lastMs) / 1000;
    this.#lastMs = nowMs;
    const db = Math.max(METER_FLOOR_DB, peak > 0 ? 20 * Math.log10(peak) : METER_FLOOR_DB);
    this.levelDb = Math.max(db, this.levelDb - RELEASE_DB_PER_S * seconds);
    if (db >= this.holdDb) {
      this.holdDb = db;
      this.#holdSinceMs = nowMs;
    } else if (nowMs - this.#holdSinceMs > HOLD_MS) {
      this.holdDb = Math.max(this.levelDb, this.holdDb - HOLD_RELEASE_DB_PER_S * seconds);
    }
  }
}

/** Place of a level on the scale, 0 (floor) to 1 (0 dBFS): the upper 20 dB take most of the room. */
export function meterPosition(db: number): number {
  const clamped = Math.min(0, Math.max(METER_FLOOR_DB, db));
  return clamped >= -20 ? 1 + clamped / 40 : 0.5 * ((clamped + 60) / 40);
}
