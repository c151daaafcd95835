import { Popover } from 'radix-ui';
import { useState } from 'react';
import type { DestinationStatus } from '../../../core/contract/destination.ts';
import { command } from '../api/command.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import { useNow } from '../ui/use-now.ts';

const TONES: Record<DestinationStatus['state'], 'green' | 'amber' | 'red' | 'grey'> = {
  disabled: 'grey',
  connecting: 'amber',
  live: 'green',
  stalled: 'amber',
  backing_off: 'amber',
  circuit_open: 'red',
};

interface DestinationChipProps {
  destination: DestinationStatus;
  /** False: the connection to the studio is lost and this is as last known. */
  known: boolean;
}

/** State of one destination in a glance; its figures and what can be done about it in a popover. */
export function DestinationChip({ destination, known }: DestinationChipProps) {
  const [asking, setAsking] = useState(false);
  const now = useNow(1000);
  const { state, retryAtMs } = destination;
  const retry = state === 'backing_off' && retryAtMs !== null && retryAtMs > now;
  const line = !known
    ? strings.lastKnown
    : state === 'live'
      ? format.bitrate(destination.bitrateKbps)
      : retry
        ? strings.destinations.retryIn(format.roughly(retryAtMs - now))
        : strings.destinations.states[state];
  return (
    <>
      <Popover.Root>
        <Popover.Trigger
          className="chip"
          data-tone={known ? TONES[state] : 'grey'}
          data-built-in={destination.builtIn}
          aria-label={`${destination.name}: ${line}`}
        >
          <span className="chip__dot" />
          {destination.builtIn && <Icon name="tv" />}
          <span className="chip__name">{destination.name}</span>
          <span className="chip__value numbers">{line}</span>
          {destination.reconnects > 0 && known && (
            <span className="chip__count numbers" title={strings.destinations.reconnects(destination.reconnects)}>
              ↻{destination.reconnects}
            </span>
          )}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content className="popover" align="start" sideOffset={8} collisionPadding={8}>
            <Details destination={destination} nowMs={now} onRemove={() => setAsking(true)} />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      <ConfirmDialog
        open={asking}
        title={strings.destinations.removeTitle(destination.name)}
        body={strings.destinations.removeBody}
        confirm={strings.destinations.removeConfirm}
        onConfirm={() => void command((client) => client.destinations.remove({ id: destination.id, force: true }))}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

interface DetailsProps {
  destination: DestinationStatus;
  nowMs: number;
  onRemove: () => void;
}

function Details({ destination, nowMs, onRemove }: DetailsProps) {
  const { id, state } = destination;
  return (
    <>
      <div className="popover__head">
        <strong>{destination.name}</strong>
        <span className={`tag tag--${TONES[state]}`}>{strings.destinations.states[state]}</span>
        <span className="muted">{strings.destinations.since(format.roughly(nowMs - destination.sinceMs))}</span>
      </div>
      <dl className="facts">
        <dt>{strings.destinations.address}</dt>
        <dd className="facts__path">{destination.maskedUrl}</dd>
        <dt>{strings.health.rate}</dt>
        <dd>{format.bitrate(destination.bitrateKbps)}</dd>
        <dt>{strings.destinations.reconnects(destination.reconnects)}</dt>
        <dd>{strings.destinations.drops(destination.droppedGops)}</dd>
        {destination.lastError && (
          <>
            <dt>{strings.destinations.lastError}</dt>
            <dd className="facts__text">{destination.lastError}</dd>
          </>
        )}
      </dl>
      {destination.builtIn && <p className="popover__note">{strings.destinations.builtIn}</p>}
      <div className="popover__buttons">
        <button
          type="button"
          className="button"
          disabled={state === 'disabled'}
          onClick={() => void command((client) => client.destinations.reconnect({ id }))}
        >
          {strings.destinations.reconnect}
        </button>
        <button
          type="button"
          className="button"
          onClick={() =>
            void command((client) => client.destinations.setEnabled({ id, enabled: state === 'disabled' }))
          }
        >
          {state === 'disabled' ? strings.destinations.enable : strings.destinations.disable}
        </button>
        {!destination.builtIn && (
          <Popover.Close className="button" onClick={onRemove}>
            {strings.destinations.remove}
          </Popover.Close>
        )}
      </div>
    </>
  );
}
