import { useConnection } from '../state/connection-store.ts';
import { useDestinations } from '../state/destinations-store.ts';
import { useStatus } from '../state/status-store.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Tip } from '../ui/Tip.tsx';
import { useFresh } from '../ui/use-air.ts';
import { useNow } from '../ui/use-now.ts';
import { AddDestinationDialog } from './AddDestinationDialog.tsx';
import { DestinationChip } from './DestinationChip.tsx';
import { EmergencyButton } from './EmergencyButton.tsx';
import { MasterClock } from './MasterClock.tsx';
import { OnAirLamp } from './OnAirLamp.tsx';
import { WatchPopover } from './WatchPopover.tsx';

/** What must be seen from two metres: on air or not, where to, how long it lasts, what time it is, and the red button. */
export function TopBar({ onHelp }: { onHelp: () => void }) {
  const destinations = useDestinations((store) => store.destinations);
  const connected = useConnection((store) => store.link.phase === 'connected');
  return (
    <header className="topbar">
      <h1 className="wordmark">
        {strings.product.first}
        <em>{strings.product.second}</em>
        {strings.product.third}
      </h1>
      <OnAirLamp />
      <div className="topbar__chips">
        <Buffer />
        {destinations.map((destination) => (
          <DestinationChip key={destination.id} destination={destination} known={connected} />
        ))}
        <AddDestinationDialog />
      </div>
      <WatchPopover />
      <Tip text={strings.shortcuts.open} keys="?" side="bottom">
        <button type="button" className="icon-button topbar__help" aria-label={strings.shortcuts.open} onClick={onHelp}>
          <Icon name="help" />
        </button>
      </Tip>
      <MasterClock />
      <EmergencyButton />
    </header>
  );
}

/** Depth below which the buffer chip warns. */
const LOW_MS = 30 * 60_000;
const CRITICAL_MS = 5 * 60_000;

function Buffer() {
  const bufferMs = useStatus((store) => store.status?.bufferMs ?? null);
  const fresh = useFresh(useNow(1000));
  const depth =
    bufferMs === null ? undefined : bufferMs < CRITICAL_MS ? 'critical' : bufferMs < LOW_MS ? 'low' : 'good';
  return (
    <Tip text={strings.buffer.explained} side="bottom">
      <button type="button" className="chip chip--still" data-depth={depth} data-stale={!fresh && bufferMs !== null}>
        <span className="chip__value">{strings.buffer.label}</span>
        <span className="chip__name numbers">{bufferMs === null ? format.UNKNOWN : format.roughly(bufferMs)}</span>
      </button>
    </Tip>
  );
}
