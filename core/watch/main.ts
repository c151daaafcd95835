import { fileURLToPath } from 'node:url';
import { deliver } from '../alerts/deliver.ts';
import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import { locateTools } from '../media/tools.ts';
import { readHouseManifest } from '../platform/house-manifest.ts';
import { type DaemonContext, runDaemon } from '../store/daemon-process.ts';
import { takeMeasure } from './actor.ts';
import { AirHistory } from './air-history.ts';
import { AlertDispatcher } from './alerts/alert-dispatcher.ts';
import { watchFailedStreak } from './alerts/failed-streak.ts';
import { BroadcasterLink } from './broadcaster-link.ts';
import { EmergencyReturn } from './emergency-return.ts';
import { IncidentDesk } from './incident-desk.ts';
import { LayerOne } from './layer-one.ts';
import { MachineWatch } from './machine-watch.ts';
import { ReturnWatch } from './return-watch.ts';
import { Survey } from './survey.ts';
import { readWatchSettings } from './watch-settings.ts';
import { Watchdog } from './watchdog.ts';
import { WatchdogMemory } from './watchdog-memory.ts';

const RESOURCES = fileURLToPath(new URL('../../resources', import.meta.url));

runDaemon({ name: 'watch', start });

async function start(daemon: DaemonContext): Promise<void> {
  const { paths, channelId, store, clock, logger, signal, onStop } = daemon;
  const reader = daemon.openReader();
  const settings = readWatchSettings(reader);
  const { intervalMs } = settings;
  const memory = new WatchdogMemory(reader, store, logger);
  const history = new AirHistory();
  const layerOne = new LayerOne();
  const onStatus = (status: BroadcasterStatus): void => {
    history.note(status, survey.fps);
    for (const recovery of layerOne.note(status)) memory.addRecovery(recovery);
  };
  const link = new BroadcasterLink(paths.run, clock, onStatus);
  // Looked for at every sample until found: a missing tool is a warning, not the end of the watchdog.
  let ffmpeg: string | null = null;
  const findFfmpeg = async (): Promise<string> => {
    const { ffmpegPath, ffprobePath } = settings;
    const options = { settings: { ffmpegPath, ffprobePath }, resourcesDir: RESOURCES, toolsFolder: paths.tools };
    ffmpeg ??= (await locateTools(options)).ffmpeg;
    return ffmpeg;
  };
  const machine = new MachineWatch({ channelId, paths, reader, clock });
  daemon.onProcesses((processes) => machine.noteProcesses(processes));
  const survey = new Survey({
    ...{ channelId, reader, link, machine, logger },
    house: (profileId) => readHouseManifest(paths, profileId),
    back: new ReturnWatch({
      ...{ runFolder: paths.run, reader, history, clock, logger, signal },
      sampleSeconds: settings.sampleSeconds,
      ffmpeg: findFfmpeg,
    }),
  });
  const command = link.command.bind(link);
  const emergency = new EmergencyReturn({ channelId, intervalMs, reader, store, memory, clock, logger, command });
  const watchdog = new Watchdog({
    ...{ intervalMs, clock, logger, memory },
    incidents: new IncidentDesk({ channelId, store, clock, logger }),
    leftBehind: reader.openIncidents(channelId),
    look: () => survey.look(),
    takeMeasure: (measure, reason) =>
      takeMeasure(measure, reason, {
        command,
        broadcasterPid: () => link.runFilePid(),
        ask: (ask) => daemon.tellHost({ type: 'ask', ask }),
      }),
    onActed: ({ id }) => {
      if (id === 'clock') machine.acceptClock();
    },
    afterRound: (findings) => emergency.afterRound(findings, survey.status),
    onStatus: (status) => daemon.tellHost({ type: 'watchdog', status }),
  });
  const alerts = new AlertDispatcher({
    ...{ channelId, reader, store, clock, logger },
    random: Math.random,
    deliver: ({ target }, message, aborted) => deliver(target, message, { signal: aborted, random: Math.random }),
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
