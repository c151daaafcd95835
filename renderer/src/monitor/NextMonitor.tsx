import { useEffect, useState } from 'react';
import { useAsset } from '../state/asset-store.ts';
import { useChannel } from '../state/channel-store.ts';
import { useQueue } from '../state/queue-store.ts';
import { useStatus } from '../state/status-store.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { assetPicture, paletteGradient } from '../ui/Poster.tsx';
import { Tip } from '../ui/Tip.tsx';
import { useFresh } from '../ui/use-air.ts';
import { useNow } from '../ui/use-now.ts';
import { filmstripTile } from './filmstrip.ts';

const TURN_MS = 1600;

/** What follows, when, and how it joins; leafs through its filmstrip. */
export function NextMonitor() {
  const next = useStatus((store) => store.status?.next ?? null);
  const hold = useStatus((store) => store.status?.hold ?? false);
  const emergency = useStatus((store) => store.status?.emergency ?? false);
  const items = useQueue((store) => store.items);
  const profile = useChannel((store) => store.channel?.profile ?? null);
  const now = useNow(250);
  const fresh = useFresh(now);
  const waiting = items.find((item) => item.state === 'queued');
  const item = next ? items.find((candidate) => candidate.id === next.queueItemId) : waiting;
  const assetId = next?.assetId ?? item?.assetId ?? null;
  const title = next?.title ?? item?.title ?? null;
  // The engine knows "cut" both for a wanted cut and for a crossfade that is not ready: the queue tells them apart.
  const join = next?.join === 'crossfade' ? 'crossfade' : (item?.join ?? next?.join ?? null);
  const starts = next?.startsAtMs ?? null;
  const when = emergency
    ? strings.next.after
    : hold
      ? strings.next.onHold
      : starts === null || !fresh
        ? format.UNKNOWN
        : format.countdown(starts - now);
  const soon = fresh && !hold && !emergency && starts !== null && starts - now < 15_000;
  const crossfadeSeconds = profile ? (profile.gopFrames / profile.fps).toFixed(1) : null;
  return (
    <section className="next card" aria-label={strings.next.monitor} data-stale={!fresh && next !== null}>
      <div className="next__screen">
        {assetId ? <Leaf assetId={assetId} palette={item?.palette} /> : null}
        <div className="monitor__badges">
          <span className="badge numbers" data-kind="next" data-soon={soon}>
            {strings.next.heading} · {title === null ? format.UNKNOWN : when}
          </span>
          {next?.locked && (
            <Tip text={strings.next.lockedHint} side="bottom">
              <button type="button" className="badge" data-kind="locked" aria-label={strings.next.lockedHint}>
                <Icon name="lock" />
                {strings.next.locked}
              </button>
            </Tip>
          )}
        </div>
        {title === null && (
          <div className="monitor__placeholder">
            <strong>{strings.next.nothing}</strong>
            <span>{strings.next.nothingHint}</span>
          </div>
        )}
      </div>
      <div className="next__bar">
        <strong className="ellipsis" title={title ?? undefined}>
          {title ?? format.UNKNOWN}
        </strong>
        <span className="next__join numbers" data-join={join}>
          {join ? strings.next.join[join] : format.UNKNOWN}
          {join === 'crossfade' && crossfadeSeconds ? ` · ${strings.next.seconds(crossfadeSeconds)}` : ''}
          {item ? ` · ${format.duration(item.durationMs)}` : ''}
        </span>
      </div>
    </section>
  );
}

/** Poster first, then the tiles of the filmstrip one after the other; only the poster when motion is unwanted. */
function Leaf({ assetId, palette }: { assetId: string; palette: readonly string[] | undefined }) {
  const asset = useAsset(assetId);
  const [turn, setTurn] = useState(0);
  const filmstrip = asset?.filmstrip ?? null;
  useEffect(() => {
    setTurn(0);
    if (!filmstrip || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const timer = setInterval(() => setTurn((before) => (before + 1) % (filmstrip.tiles + 2)), TURN_MS);
    return () => clearInterval(timer);
  }, [filmstrip]);
  return (
    <div className="leaf">
      <span
        className="leaf__picture"
        style={{ background: `url("${assetPicture(assetId, 'poster')}") center / cover, ${paletteGradient(palette)}` }}
      />
      {filmstrip && turn > 1 && (
        <span
          className="leaf__tile"
          style={{
            background: filmstripTile(
              assetPicture(assetId, 'filmstrip'),
              filmstrip,
              (turn - 2) * filmstrip.everySeconds + 0.01,
            ),
          }}
        />
      )}
    </div>
  );
}
