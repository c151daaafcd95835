import type { AsRun } from '../../../core/contract/queue.ts';
import { useAsRun } from '../state/as-run-store.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { Poster } from '../ui/Poster.tsx';

const TONES: Record<NonNullable<AsRun['endReason']>, string> = {
  finished: 'tag',
  skipped: 'tag tag--blue',
  taken: 'tag tag--blue',
  emergency: 'tag tag--amber',
  damaged: 'tag tag--red',
  stopped: 'tag',
  engine_lost: 'tag tag--red',
};

/** What really aired, newest first, and why each piece ended. */
export function AsRunList() {
  const rows = useAsRun((store) => store.rows);
  if (rows.length === 0) return <p className="empty">{strings.asRun.empty}</p>;
  return (
    <ol>
      {rows.map((row) => (
        <li key={row.id} className="row" data-kind={row.kind}>
          <Poster assetId={row.assetId} width={64} />
          <div className="row__words">
            <strong className="ellipsis" title={row.title}>
              {row.title}
            </strong>
            <span className="row__line numbers">
              {format.clock(row.startedAtMs)}
              {row.endedAtMs !== null && ` · ${format.duration(row.endedAtMs - row.startedAtMs)}`}
              {row.kind === 'asset' && row.fromFrame > 0 && ` · ${strings.asRun.resumed}`}
            </span>
          </div>
          <div className="row__tags">
            {row.kind !== 'asset' && <span className="tag tag--amber">{strings.kinds[row.kind]}</span>}
            {row.endReason ? (
              <span className={TONES[row.endReason]}>{strings.asRun.reasons[row.endReason]}</span>
            ) : (
              row.endedAtMs === null && <span className="tag tag--red">{strings.asRun.onAir}</span>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
