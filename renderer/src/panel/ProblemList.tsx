import type { Incident } from '../../../core/contract/control-api.ts';
import type { Plan } from '../../../core/contract/plan.ts';
import { command } from '../api/command.ts';
import { useIncidents } from '../state/incidents-store.ts';
import { usePipeline } from '../state/pipeline-store.ts';
import { toast } from '../state/toast-store.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { useBusy } from '../ui/use-busy.ts';

const SEVERITY_TONES: Record<Incident['severity'], string> = { info: 'blue', warning: 'amber', critical: 'red' };

/** Open incidents, then the files that were refused, each with its reason and the way back in. */
export function ProblemList() {
  const incidents = useIncidents((store) => store.incidents);
  const troubled = usePipeline((store) => store.pipeline?.troubled ?? null);
  if (incidents.length === 0 && (troubled?.length ?? 0) === 0) {
    return (
      <div className="empty">
        <strong>{strings.problems.none}</strong>
        <span className="muted">{strings.problems.noneHint}</span>
      </div>
    );
  }
  return (
    <>
      {incidents.length > 0 && <h3 className="panel__heading caption">{strings.problems.incidents}</h3>}
      <ul>
        {incidents.map((incident) => (
          <li key={incident.id} className="row row--tall">
            <span className={`row__icon row__icon--${SEVERITY_TONES[incident.severity]}`}>
              <Icon name="alert" />
            </span>
            <div className="row__words">
              <strong className="ellipsis">{incident.subject}</strong>
              <p className="row__text">{incident.message}</p>
              <span className="row__line numbers">
                {format.clock(incident.openedAtMs)}
                {incident.count > 1 && ` · ${strings.problems.times(incident.count)}`}
                {` · ${incident.code}`}
              </span>
            </div>
          </li>
        ))}
      </ul>
      {troubled && troubled.length > 0 && <h3 className="panel__heading caption">{strings.problems.files}</h3>}
      <ul>
        {troubled?.map((plan) => (
          <TroubledPlan key={plan.id} plan={plan} />
        ))}
      </ul>
    </>
  );
}

function TroubledPlan({ plan }: { plan: Plan }) {
  const [busy, run] = useBusy();
  const { reason } = plan;
  const figures = [
    reason?.gate ?? reason?.code,
    reason?.value !== undefined && reason.limit !== undefined
      ? strings.problems.limit(figure(reason.value), figure(reason.limit))
      : null,
    reason?.atSeconds === undefined ? null : strings.problems.at(format.duration(reason.atSeconds * 1000)),
  ].filter((part) => typeof part === 'string');
  const retry = async () => {
    const result = await command((client) => client.plans.retry({ id: plan.id }));
    if (result.ok) toast({ tone: 'info', text: strings.problems.retried(plan.title) });
  };
  return (
    <li className="row row--tall">
      <div className="row__words">
        <div className="row__head">
          <span className={plan.state === 'rejected' ? 'tag tag--amber' : 'tag tag--red'}>
            {plan.state === 'rejected' ? strings.problems.rejected : strings.problems.failed}
          </span>
          <strong className="ellipsis" title={plan.locator}>
            {plan.title}
          </strong>
        </div>
        <p className="row__text">{reason?.message ?? format.UNKNOWN}</p>
        <span className="row__line numbers">{figures.join(' · ')}</span>
      </div>
      <button type="button" className="button button--small" disabled={busy} onClick={() => run(retry)}>
        <Icon name="retry" />
        {strings.problems.retry}
      </button>
    </li>
  );
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
