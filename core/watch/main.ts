import { deliver } from '../alerts/deliver.ts';
import { readHouseManifest } from '../platform/house-manifest.ts';
import { type DaemonContext, runDaemon } from '../store/daemon-process.ts';
import { takeMeasure } from './actor.ts';
import { AlertDispatcher } from './alerts/alert-dispatcher.ts';
import { watchFailedStreak } from './alerts/failed-streak.ts';
import { BroadcasterLink } from './broadcaster-link.ts';
import { IncidentDesk } from './incident-desk.ts';
import { Survey } from './survey.ts';
import { readWatchSettings } from './watch-settings.ts';
import { Watchdog } from './watchdog.ts';
import { WatchdogMemory } from './watchdog-memory.ts';

runDaemon({ name: 'watch', start });

async function start(daemon: DaemonContext): Promise<void> {
  const { paths, channelId, store, clock, logger, onStop } = daemon;
  const reader = daemon.openReader();
  const link = new BroadcasterLink(paths.run, clock, () => undefined);
  const survey = new Survey({
    ...{ channelId, reader, link },
    house: (profileId) => readHouseManifest(paths, profileId),
  });
  const watchdog = new Watchdog({
    intervalMs: readWatchSettings(reader).intervalMs,
    ...{ clock, logger },
    memory: new WatchdogMemory(reader, store, logger),
    incidents: new IncidentDesk({ channelId, store, clock, logger }),
    look: () => survey.look(),
    takeMeasure: (measure, reason) =>
      takeMeasure(measure, reason, {
        command: (command) => link.command(command),
        broadcasterPid: () => link.runFilePid(),
        ask: (ask) => daemon.tellHost({ type: 'ask', ask }),
      }),
    afterRound: async () => undefined,
    onStatus: (status) => daemon.tellHost({ type: 'watchdog', status }),
  });
  const alerts = new AlertDispatcher({
    ...{ channelId, reader, store, clock, logger },
    random: Math.random,
    deliver: ({ target }, message, signal) => deliver(target, message, { signal, random: Math.random }),
  });
  const streak = watchFailedStreak({ channelId, reader, store, clock, logger });
  daemon.onWake(['incidents', 'alerts', 'settings', 'channel'], () => alerts.wake());
  daemon.onWake(['jobs', 'plans', 'settings'], streak);
  onStop(async () => {
    link.close();
    await Promise.all([watchdog.stop(), alerts.stop()]);
    reader[Symbol.dispose]();
  });
  watchdog.start();
  streak();
  alerts.wake();
}
