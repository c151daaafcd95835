import { type RefObject, useEffect, useRef } from 'react';
import type { AudioTap } from '../preview/audio-tap.ts';
import { MeterBallistics, meterPosition } from '../preview/meter-ballistics.ts';
import { usePreview } from '../state/preview-store.ts';
import { strings } from '../strings.ts';

const MARKS = [0, -6, -12, -18, -24, -36, -48];
const LONGEST_WINDOW_MS = 42;

/** Stereo sample-peak meters with peak hold, of the preview's own signal; blank with a note when there is none. */
export function AudioMeters({ tap }: { tap: RefObject<AudioTap | null> }) {
  const running = usePreview((store) => store.soundRunning && store.phase === 'playing');
  const playing = usePreview((store) => store.phase === 'playing');
  const bars = useRef<(HTMLDivElement | null)[]>([]);
  const holds = useRef<(HTMLDivElement | null)[]>([]);

  useEffect(() => {
    if (!running) return;
    const channels = [new MeterBallistics(), new MeterBallistics()];
    let handle = 0;
    let last = performance.now();
    const draw = (now: number) => {
      const peaks = tap.current?.peaks(Math.min(LONGEST_WINDOW_MS, now - last + 2)) ?? [];
      last = now;
      for (const [index, channel] of channels.entries()) {
        channel.push(peaks[index] ?? 0, now);
        const bar = bars.current[index];
        const hold = holds.current[index];
        if (bar) bar.style.clipPath = `inset(${(1 - meterPosition(channel.levelDb)) * 100}% 0 0 0)`;
        if (hold) hold.style.bottom = `${meterPosition(channel.holdDb) * 100}%`;
      }
      handle = requestAnimationFrame(draw);
    };
    handle = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(handle);
  }, [running, tap]);

  const note = playing ? strings.meters.waiting : strings.meters.none;
  return (
    <div className="meters" data-running={running} role="img" aria-label={running ? strings.meters.label : note}>
      <div className="meters__scale" aria-hidden="true">
        {MARKS.map((mark) => (
          <span key={mark} style={{ bottom: `${meterPosition(mark) * 100}%` }}>
            {mark === 0 ? '0' : `−${-mark}`}
          </span>
        ))}
      </div>
      {strings.meters.channels.map((name, index) => (
        <div key={name} className="meters__channel">
          <div
            className="meters__bar"
            ref={(element) => {
              bars.current[index] = element;
            }}
          />
          <div
            className="meters__hold"
            ref={(element) => {
              holds.current[index] = element;
            }}
          />
        </div>
      ))}
      {!running && <p className="meters__note">{note}</p>}
      <div className="meters__names" aria-hidden="true">
        {strings.meters.channels.map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
    </div>
  );
}
