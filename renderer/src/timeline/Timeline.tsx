import { ToggleGroup } from 'radix-ui';
import { isLive } from '../state/air-state.ts';
import { prefer, usePreferences, type ZoomName } from '../state/preferences.ts';
import { useQueue } from '../state/queue-store.ts';
import { strings } from '../strings.ts';
import { useAir } from '../ui/use-air.ts';
import { TimelineTrack } from './TimelineTrack.tsx';
import { useTimelineView } from './use-timeline-view.ts';

const ZOOMS: readonly ZoomName[] = ['6h', '1h', '15m'];

/** What aired, airs and will air, on the wall clock. */
export function Timeline() {
  const zoom = usePreferences((store) => store.zoom);
  const view = useTimelineView(zoom);
  const air = useAir();
  const empty = useQueue((store) => store.loaded && store.items.length === 0);
  const today = new Date().toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
  return (
    <section className="timeline" aria-label={strings.timeline.label}>
      <header className="timeline__head">
        <h2>{strings.timeline.heading}</h2>
        <span className="muted ellipsis">
          {today} · {air === 'off' ? strings.timeline.off : strings.timeline.hint}
        </span>
        <button
          type="button"
          className="button button--small timeline__now-button"
          data-shown={!view.following}
          disabled={view.following}
          onClick={view.followNow}
        >
          {strings.timeline.backToNow}
        </button>
        <ToggleGroup.Root
          type="single"
          className="segmented"
          aria-label={strings.timeline.zoom}
          value={zoom}
          onValueChange={(value) => {
            const chosen = ZOOMS.find((name) => name === value);
            if (chosen) prefer({ zoom: chosen });
          }}
        >
          {ZOOMS.map((name) => (
            <ToggleGroup.Item key={name} value={name}>
              {strings.timeline.zooms[name]}
            </ToggleGroup.Item>
          ))}
        </ToggleGroup.Root>
      </header>
      <div className="timeline__body">
        <div className="timeline__lanes caption" aria-hidden="true">
          <span className="timeline__lane-program">{strings.timeline.program}</span>
          <span className="timeline__lane-loudness">{strings.timeline.loudness}</span>
        </div>
        <TimelineTrack view={view} />
        {empty && <p className="timeline__empty">{isLive(air) ? strings.timeline.empty : strings.timeline.emptyOff}</p>}
      </div>
    </section>
  );
}
