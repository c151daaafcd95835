import { Tabs } from 'radix-ui';
import { useConnection } from '../state/connection-store.ts';
import { useDecisions } from '../state/decisions-store.ts';
import { useIncidents } from '../state/incidents-store.ts';
import { usePipeline } from '../state/pipeline-store.ts';
import { type PanelName, prefer, usePreferences } from '../state/preferences.ts';
import { strings } from '../strings.ts';
import { AsRunList } from './AsRunList.tsx';
import { DecisionList } from './DecisionList.tsx';
import { ProblemList } from './ProblemList.tsx';
import { QueueList } from './QueueList.tsx';

const NAMES: readonly PanelName[] = ['queue', 'asRun', 'decisions', 'problems'];

/** What comes, what was, why, and what went wrong. */
export function SidePanel() {
  const chosen = usePreferences((store) => store.panel);
  const troubled = usePipeline((store) => store.pipeline?.troubled.length ?? 0);
  const incidents = useIncidents((store) => store.incidents);
  const decisions = useDecisions((store) => store.decisions.length);
  const connected = useConnection((store) => store.link.phase === 'connected');
  // A channel whose planner records no decisions has no such list.
  const names = NAMES.filter((name) => name !== 'decisions' || decisions > 0);
  const panel = names.includes(chosen) ? chosen : 'queue';
  const severe = incidents.some((incident) => incident.severity !== 'info');
  return (
    <Tabs.Root
      className="panel card"
      value={panel}
      onValueChange={(value) => prefer({ panel: names.find((name) => name === value) ?? 'queue' })}
      data-stale={!connected}
    >
      <Tabs.List className="panel__tabs" aria-label={strings.panel.label}>
        {names.map((name) => (
          <Tabs.Trigger key={name} value={name} className="panel__tab">
            {strings.panel[name]}
            {name === 'problems' && troubled + incidents.length > 0 && (
              <span className={severe ? 'panel__count panel__count--amber' : 'panel__count'}>
                {troubled + incidents.length}
              </span>
            )}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value="queue" className="panel__content" tabIndex={-1}>
        <QueueList />
      </Tabs.Content>
      <Tabs.Content value="asRun" className="panel__content scroll">
        <AsRunList />
      </Tabs.Content>
      <Tabs.Content value="decisions" className="panel__content scroll">
        <DecisionList />
      </Tabs.Content>
      <Tabs.Content value="problems" className="panel__content scroll">
        <ProblemList />
      </Tabs.Content>
    </Tabs.Root>
  );
}
