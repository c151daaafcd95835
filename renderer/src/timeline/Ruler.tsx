import * as format from '../time/format.ts';
import { tickStepMs, ticks } from './timeline-scale.ts';

interface RulerProps {
  fromMs: number;
  toMs: number;
  baseMs: number;
  pxPerMs: number;
}

/** Wall-clock marks on round times; seconds only where marks are less than a minute apart. */
export function Ruler({ fromMs, toMs, baseMs, pxPerMs }: RulerProps) {
  const step = tickStepMs(pxPerMs);
  const marks = ticks(fromMs, toMs, step, new Date(fromMs).getTimezoneOffset());
  return (
    <div className="ruler numbers" aria-hidden="true">
      {marks.map((at) => (
        <span key={at} style={{ left: (at - baseMs) * pxPerMs }}>
          {step < 60_000 ? format.clock(at) : format.clockMinutes(at)}
        </span>
      ))}
    </div>
  );
}
