import { studio } from '../api/studio.ts';
import { isLive, STATUS_FRESH_MS } from '../state/air-state.ts';
import { useConnection } from '../state/connection-store.ts';
import { useStatus } from '../state/status-store.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { useAir } from '../ui/use-air.ts';
import { useNow } from '../ui/use-now.ts';

/** After this long without a connection the banner shows, ms: a reload should not flash. */
const GRACE_MS = 600;

/** Floats over the page when what it shows is not live; nothing moves when it comes or goes. */
export function ConnectionBanner() {
  const link = useConnection((store) => store.link);
  const everConnected = useConnection((store) => store.everConnected);
  const refused = useConnection((store) => store.refused);
  const receivedAtMs = useStatus((store) => store.receivedAtMs);
  const air = useAir();
  useNow(500);
  const now = Date.now();
  const t = strings.banner;
  if (link.phase === 'lost' && refused) {
    return <Banner title={t.notAuthorised} detail={t.notAuthorisedDetail} />;
  }
  if (link.phase === 'lost' && now - link.sinceMs > GRACE_MS) {
    const detail = everConnected ? t.lostDetail(format.clock(link.sinceMs)) : '';
    const wait = t.retrying(String(Math.max(0, Math.ceil((link.retryAtMs - now) / 1000))));
    return (
      <Banner title={t.lost} detail={`${detail} ${wait}`}>
        <button type="button" className="button button--small" onClick={() => studio.retryNow()}>
          {t.retryNow}
        </button>
      </Banner>
    );
  }
  if (isLive(air) && receivedAtMs > 0 && now - receivedAtMs > STATUS_FRESH_MS) {
    return <Banner title={t.stale} detail={t.staleDetail} />;
  }
  return null;
}

function Banner({ title, detail, children }: { title: string; detail: string; children?: React.ReactNode }) {
  return (
    <div className="banner" role="alert">
      <Icon name="alert" />
      <p className="numbers">
        <strong>{title}</strong> {detail}
      </p>
      {children}
    </div>
  );
}
