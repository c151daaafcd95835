import { useEffect, useRef } from 'react';
import { useChannel } from '../state/channel-store.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { studioClock } from '../time/server-clock.ts';

/** Studio wall clock with frames. Written straight into the page at every repaint: no rendering for 30 changes a second. */
export function MasterClock() {
  const fps = useChannel((store) => store.channel?.profile.fps ?? 25);
  const seconds = useRef<HTMLSpanElement>(null);
  const frames = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let handle = 0;
    const draw = () => {
      const now = studioClock.now();
      const text = format.clock(now);
      if (seconds.current && seconds.current.textContent !== text) seconds.current.textContent = text;
      if (frames.current) frames.current.textContent = `:${format.frameOfSecond(now, fps)}`;
      handle = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(handle);
  }, [fps]);
  return (
    <div className="clock" role="timer" aria-label={strings.clock.label}>
      <span ref={seconds} className="clock__seconds" />
      <span ref={frames} className="clock__frames" aria-hidden="true" />
    </div>
  );
}
