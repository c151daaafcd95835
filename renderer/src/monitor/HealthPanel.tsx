import type { ReactNode } from 'react';
import { useChannel } from '../state/channel-store.ts';
import { useStatus } from '../state/status-store.ts';
import { useWatchdog } from '../state/watchdog-store.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { useFresh } from '../ui/use-air.ts';
import { useNow } from '../ui/use-now.ts';

type Tone = 'good' | 'bad' | undefined;

/** The engine's own counters. A dash is "not known"; old figures are dimmed and called so. */
export function HealthPanel() {
  const status = useStatus((store) => store.status);
  const channel = useChannel((store) => store.channel);
  const now = useNow(1000);
  const fresh = useFresh(now);
  const t = strings.health;
  const counters = status?.counters ?? null;
  const profile = channel?.profile ?? null;
  const verified = channel?.emergencyVerifiedAtMs ?? null;
  const gaps = counters ? counters.videoGaps + counters.audioGaps : 0;
  const residual = counters ? Math.abs(counters.avResidualMs) : 0;
  return (
    <section className="health card" data-stale={!fresh && status !== null}>
      <header className="health__head">
        <h2 className="caption">{t.heading}</h2>
        {!fresh && status && <span className="tag">{strings.lastKnown}</span>}
      </header>
      <dl className="health__list numbers">
        <Row
          name={t.output}
          value={
            profile
              ? `${profile.height}p${profile.fps} · ${format.bitrate(profile.videoBitrateKbps + profile.audioBitrateKbps)}`
              : null
          }
        />
        <Row name={t.rate} minor value={counters ? format.bitrate(counters.outputKbps) : null} />
        <Row
          name={t.splices}
          value={counters ? t.splicesValue(format.count(counters.splices), format.count(counters.crossfades)) : null}
        />
        <Row
          name={t.gaps}
          value={counters ? `${format.count(counters.videoGaps)} / ${format.count(counters.audioGaps)}` : null}
          tone={gaps > 0 ? 'bad' : 'good'}
        />
        <Row
          name={t.residual}
          value={counters ? `${format.signed(counters.avResidualMs, 1)} ms` : null}
          tone={residual > 11 ? 'bad' : 'good'}
        />
        <Row
          name={t.damaged}
          minor={counters?.damagedPieces === 0}
          value={counters ? format.count(counters.damagedPieces) : null}
          tone={counters && counters.damagedPieces > 0 ? 'bad' : undefined}
        />
        <Row
          name={t.engine}
          value={counters ? `${format.percent(counters.cpuPercent)} · ${format.bytes(counters.rssBytes)}` : null}
        />
        <Row
          name={t.delay}
          minor
          value={counters ? `${counters.loopDelayP99Ms.toFixed(1)} ms` : null}
          tone={counters && counters.loopDelayP99Ms > 50 ? 'bad' : undefined}
        />
        <Row name={t.preview} minor value={counters ? format.count(counters.previewClients) : null} />
        <Row
          name={t.emergency}
          value={channel ? (verified === null ? t.rendering : t.verified(format.roughly(now - verified))) : null}
          tone={verified === null ? undefined : 'good'}
        />
        <WatchdogRow />
      </dl>
    </section>
  );
}

/** What the watchdog found at its last look; the sentences of what is wrong are its tooltip. */
function WatchdogRow() {
  const watchdog = useWatchdog((store) => store.watchdog);
  const t = strings.health;
  if (!watchdog) return <Row name={t.watchdog} value={null} />;
  const watched = Object.values(watchdog.watchdogs).filter((one) => one.running);
  const ill = watched.filter((one) => one.state === 'unhealthy');
  const blind = watched.filter((one) => one.state === 'unknown');
  const count = format.count(watched.length);
  const value =
    ill.length > 0
      ? t.watchdogIll(format.count(ill.length), count)
      : blind.length > 0
        ? t.watchdogBlind(format.count(blind.length), count)
        : t.watchdogSound(count);
  const tone = ill.length > 0 ? 'bad' : blind.length > 0 ? undefined : 'good';
  const why = [...ill, ...blind].map((one) => one.message).join('\n');
  return <Row name={t.watchdog} value={<span title={why}>{value}</span>} tone={tone} />;
}

interface RowProps {
  name: string;
  value: ReactNode;
  tone?: Tone;
  /** Left out where the panel is low. */
  minor?: boolean;
}

function Row({ name, value, tone, minor }: RowProps) {
  return (
    <div className="health__row" data-minor={minor}>
      <dt>{name}</dt>
      <dd data-tone={value === null ? undefined : tone}>{value ?? format.UNKNOWN}</dd>
    </div>
  );
}
