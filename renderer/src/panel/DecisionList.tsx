import { useDecisions } from '../state/decisions-store.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { Poster } from '../ui/Poster.tsx';

/** Editorial acts as the planner recorded them, with their reasons. */
export function DecisionList() {
  const decisions = useDecisions((store) => store.decisions);
  if (decisions.length === 0) return <p className="empty">{strings.decisions.empty}</p>;
  return (
    <ol>
      {decisions.map((decision) => (
        <li key={decision.id} className="row row--tall">
          {decision.assetId && <Poster assetId={decision.assetId} width={64} />}
          <div className="row__words">
            <span className="row__line numbers">
              <span className="tag tag--violet">{decision.kind.replaceAll('_', ' ')}</span>{' '}
              {format.clock(decision.atMs)}
            </span>
            <p className="row__text">{decision.reason}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
