import { Popover } from 'radix-ui';
import { useState } from 'react';
import { command } from '../api/command.ts';
import type { AirState } from '../state/air-state.ts';
import { useChannel } from '../state/channel-store.ts';
import { useStatus } from '../state/status-store.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { useAir } from '../ui/use-air.ts';
import { useNow } from '../ui/use-now.ts';

/** On air or not, since when, and the way to change it. Never claims more than is known. */
export function OnAirLamp() {
  const air = useAir();
  const status = useStatus((store) => store.status);
  const now = useNow(500);
  const [asking, setAsking] = useState(false);
  const since = air === 'on_air' || air === 'emergency' ? (status?.onAirSinceMs ?? null) : null;
  return (
    <>
      <Popover.Root>
        <Popover.Trigger
          className="lamp"
          data-air={air}
          aria-label={strings.airMenu.label(strings.air[air])}
          title={strings.airExplained[air]}
        >
          <span className="lamp__light" />
          <span className="lamp__word">{strings.air[air]}</span>
          <span className="lamp__time numbers">{since === null ? '' : format.uptime(now - since)}</span>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content className="popover" align="start" sideOffset={8} collisionPadding={8}>
            <LampDetails air={air} nowMs={now} onOffAir={() => setAsking(true)} />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      <ConfirmDialog
        open={asking}
        title={strings.airMenu.offAirTitle}
        body={strings.airMenu.offAirBody}
        confirm={strings.airMenu.offAirConfirm}
        onConfirm={() => void command((client) => client.channel.offAir({ force: true }))}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

function LampDetails({ air, nowMs, onOffAir }: { air: AirState; nowMs: number; onOffAir: () => void }) {
  const status = useStatus((store) => store.status);
  const channel = useChannel((store) => store.channel);
  const known = air !== 'lost' && air !== 'connecting';
  const verified = channel?.emergencyVerifiedAtMs ?? null;
  return (
    <>
      <p className="popover__lead">{strings.airExplained[air]}</p>
      <dl className="facts">
        <dt>{strings.airMenu.onAirSince}</dt>
        <dd>{status ? new Date(status.onAirSinceMs).toLocaleString() : format.UNKNOWN}</dd>
        <dt>{strings.airMenu.engineSince}</dt>
        <dd>{status ? format.roughly(nowMs - status.engineStartedAtMs) : format.UNKNOWN}</dd>
        <dt>{strings.airMenu.emergencyVerified}</dt>
        <dd>
          {channel === null
            ? format.UNKNOWN
            : verified === null
              ? strings.airMenu.emergencyRendering
              : strings.airMenu.ago(format.roughly(nowMs - verified))}
        </dd>
        <dt>{strings.airMenu.version}</dt>
        <dd>{channel?.version ?? format.UNKNOWN}</dd>
        <dt>{strings.airMenu.dataFolder}</dt>
        <dd className="facts__path">{channel?.dataDir ?? format.UNKNOWN}</dd>
      </dl>
      <div className="popover__buttons">
        {air === 'off' ? (
          <Popover.Close
            className="button button--primary"
            onClick={() => void command((client) => client.channel.onAir())}
          >
            {strings.airMenu.goOnAir}
          </Popover.Close>
        ) : (
          <Popover.Close className="button" disabled={!known} onClick={onOffAir}>
            {strings.airMenu.goOffAir}
          </Popover.Close>
        )}
      </div>
    </>
  );
}
