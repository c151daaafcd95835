import { useRef } from 'react';
import { command } from '../api/command.ts';
import { toggleSound, usePreviewPlayer } from '../preview/use-preview.ts';
import { isLive } from '../state/air-state.ts';
import { usePreferences } from '../state/preferences.ts';
import { usePreview } from '../state/preview-store.ts';
import { useStatus } from '../state/status-store.ts';
import { strings } from '../strings.ts';
import { Icon } from '../ui/Icon.tsx';
import { Tip } from '../ui/Tip.tsx';
import { useAir } from '../ui/use-air.ts';
import { AudioMeters } from './AudioMeters.tsx';
import { ProgramBar } from './ProgramBar.tsx';

/** The picture and sound that are on air, as this machine receives them. */
export function ProgramMonitor() {
  const { video, tap } = usePreviewPlayer();
  const screen = useRef<HTMLDivElement>(null);
  const air = useAir();
  const status = useStatus((store) => store.status);
  const playing = usePreview((store) => store.phase === 'playing');
  const rebuilds = usePreview((store) => store.rebuilds);
  const live = isLive(air);
  const kind = status?.program?.kind ?? null;
  return (
    <section className="monitor card" aria-label={strings.monitor.program} data-air={air}>
      <div className="monitor__stage">
        <div className="monitor__screen" ref={screen}>
          <video
            ref={video}
            muted
            playsInline
            disablePictureInPicture
            data-playing={playing}
            data-rebuilds={rebuilds}
            tabIndex={-1}
          />
          {!playing && <Placeholder />}
          <div className="monitor__badges">
            {kind && (live || air === 'lost') && (
              <span className="badge" data-kind={kind} data-known={live}>
                {strings.kinds[kind]}
              </span>
            )}
            {status?.hold && live && (
              <span className="badge" data-kind="hold" title={strings.monitor.heldHint}>
                {strings.monitor.held}
              </span>
            )}
          </div>
          <SoundButton />
          <Tip text={strings.monitor.fullscreen} side="left">
            <button
              type="button"
              className="monitor__corner icon-button"
              aria-label={strings.monitor.fullscreen}
              onClick={() => void screen.current?.requestFullscreen()}
            >
              <Icon name="expand" />
            </button>
          </Tip>
        </div>
        <AudioMeters tap={tap} />
      </div>
      <ProgramBar />
    </section>
  );
}

function Placeholder() {
  const air = useAir();
  const t = strings.monitor;
  const words =
    air === 'lost' || air === 'connecting'
      ? { title: t.lost, hint: '' }
      : air === 'off'
        ? { title: t.off, hint: t.offHint }
        : air === 'starting'
          ? { title: t.starting, hint: '' }
          : air === 'unreachable'
            ? { title: t.unreachable, hint: '' }
            : { title: t.waiting, hint: '' };
  return (
    <div className="monitor__placeholder">
      <strong>{words.title}</strong>
      {words.hint && <span>{words.hint}</span>}
      {air === 'off' && (
        <button
          type="button"
          className="button button--primary"
          onClick={() => void command((client) => client.channel.onAir())}
        >
          {strings.airMenu.goOnAir}
        </button>
      )}
    </div>
  );
}

/** Until the sound is on, an obvious button; then a small one. */
function SoundButton() {
  const muted = usePreferences((store) => store.muted);
  const running = usePreview((store) => store.soundRunning);
  const playing = usePreview((store) => store.phase === 'playing');
  const on = running && !muted;
  if (!playing) return null;
  const label = on ? strings.monitor.mute : strings.monitor.unmute;
  return (
    <Tip text={label} keys="M" side="top">
      <button type="button" className="sound" data-on={on} aria-pressed={on} aria-label={label} onClick={toggleSound}>
        <Icon name={on ? 'sound' : 'soundOff'} />
        {!on && <span>{running ? strings.monitor.muted : strings.monitor.clickForSound}</span>}
      </button>
    </Tip>
  );
}
