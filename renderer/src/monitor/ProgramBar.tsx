import { useEffect, useRef } from 'react';
import type { BroadcasterStatus } from '../../../core/contract/broadcaster-status.ts';
import { isLive, positionFramesNow } from '../state/air-state.ts';
import { useChannel } from '../state/channel-store.ts';
import { usePreview } from '../state/preview-store.ts';
import { useStatus } from '../state/status-store.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { studioClock } from '../time/server-clock.ts';
import { useAir } from '../ui/use-air.ts';

/** Title, place in the item, time left and how far the preview is behind. */
export function ProgramBar() {
  const air = useAir();
  const live = isLive(air);
  const status = useStatus((store) => store.status);
  const fps = useChannel((store) => store.channel?.profile.fps ?? null);
  const program = status?.program ?? null;
  const loops = program !== null && program.kind !== 'asset';
  return (
    <div className="program-bar" data-stale={!live && program !== null}>
      <div className="program-bar__row">
        <h2 className="program-bar__title ellipsis" title={program?.title}>
          {program?.title ?? (air === 'off' ? strings.air.off : strings.monitor.nothing)}
        </h2>
        <Times status={status} fps={fps} live={live} />
      </div>
      <Progress status={status} fps={fps} live={live} loops={loops} />
      <div className="program-bar__row program-bar__foot">
        <span className="ellipsis">
          {program
            ? loops
              ? status?.emergency
                ? strings.monitor.repeats
                : strings.monitor.bridges
              : `${format.clock(program.startedAtMs)} – ${program.endsAtMs === null ? format.UNKNOWN : format.clock(program.endsAtMs)}`
            : format.UNKNOWN}
        </span>
        <Delay />
      </div>
    </div>
  );
}

interface PlaceProps {
  status: BroadcasterStatus | null;
  fps: number | null;
  live: boolean;
}

function Times({ status, fps, live }: PlaceProps) {
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const draw = () => {
      if (!element.current) return;
      const program = status?.program;
      if (!program || fps === null) {
        element.current.textContent = format.UNKNOWN;
        return;
      }
      const now = live ? studioClock.now() : status.atMs;
      const played = (positionFramesNow(program, status.atMs, now, fps) / fps) * 1000;
      const left = program.endsAtMs === null ? null : program.endsAtMs - now;
      const total = program.totalFrames > 0 ? ` / ${format.duration((program.totalFrames / fps) * 1000)}` : '';
      const unknown = program.kind === 'asset' ? format.UNKNOWN : '↻';
      const remaining = left === null ? unknown : `−${format.duration(Math.max(0, left))}`;
      element.current.textContent = `${format.duration(played)}${total}   ${remaining}`;
    };
    draw();
    const timer = setInterval(draw, 250);
    return () => clearInterval(timer);
  }, [status, fps, live]);
  return <span ref={element} className="program-bar__times numbers" />;
}

/** Moves by a CSS animation of the compositor, set anew with every report. */
function Progress({ status, fps, live, loops }: PlaceProps & { loops: boolean }) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = bar.current;
    if (!element) return;
    const program = status?.program;
    if (!program || fps === null || program.totalFrames === 0) {
      element.style.transform = 'scaleX(0)';
      return;
    }
    const draw = () => {
      const now = live ? studioClock.now() : status.atMs;
      const share = positionFramesNow(program, status.atMs, now, fps) / program.totalFrames;
      element.style.transform = `scaleX(${Math.min(1, share)})`;
    };
    draw();
    if (!live) return;
    const timer = setInterval(draw, 200);
    return () => clearInterval(timer);
  }, [status, fps, live]);
  return (
    <div className="progress" data-loop={loops}>
      <div ref={bar} className="progress__bar" />
    </div>
  );
}

function Delay() {
  const behindMs = usePreview((store) => (store.behindMs === null ? null : Math.round(store.behindMs / 100) * 100));
  const dropped = usePreview((store) => store.droppedFrames);
  const text = behindMs === null ? strings.monitor.behindUnknown : strings.monitor.behind((behindMs / 1000).toFixed(1));
  return (
    <span className="program-bar__delay numbers">
      {dropped > 0 && `${strings.monitor.dropped(dropped)} · `}
      {text}
    </span>
  );
}
