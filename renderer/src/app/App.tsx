import { Tooltip } from 'radix-ui';
import { useCallback, useEffect, useState } from 'react';
import { HealthPanel } from '../monitor/HealthPanel.tsx';
import { NextMonitor } from '../monitor/NextMonitor.tsx';
import { ProgramMonitor } from '../monitor/ProgramMonitor.tsx';
import { Transport } from '../monitor/Transport.tsx';
import { SidePanel } from '../panel/SidePanel.tsx';
import { PipelineStrip } from '../pipeline/PipelineStrip.tsx';
import { useChannel } from '../state/channel-store.ts';
import { strings } from '../strings.ts';
import { Timeline } from '../timeline/Timeline.tsx';
import { TopBar } from '../topbar/TopBar.tsx';
import { Toasts } from '../ui/Toasts.tsx';
import { useAir } from '../ui/use-air.ts';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { FirstRun } from './FirstRun.tsx';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { listenToShortcuts } from './shortcuts.ts';

/** The Live page. */
export function App() {
  const [sheet, setSheet] = useState(false);
  const air = useAir();
  const noFolder = useChannel((store) => store.channel?.libraryFolders.length === 0);
  const name = useChannel((store) => store.channel?.name);
  const showSheet = useCallback(() => setSheet(true), []);
  useEffect(() => listenToShortcuts(showSheet), [showSheet]);
  useEffect(() => {
    document.title = strings.pageTitle(strings.air[air], name ?? strings.productName);
  }, [air, name]);
  return (
    <Tooltip.Provider delayDuration={350}>
      <div className="live">
        <TopBar onHelp={showSheet} />
        <main className="live__main">
          <ProgramMonitor />
          <div className="live__middle">
            <NextMonitor />
            <Transport />
            <HealthPanel />
          </div>
          {noFolder ? <FirstRun /> : <SidePanel />}
        </main>
        <Timeline />
        <PipelineStrip />
        <ConnectionBanner />
        <Toasts />
      </div>
      <ShortcutSheet open={sheet} onClose={() => setSheet(false)} />
    </Tooltip.Provider>
  );
}
