import { runDaemon } from '../store/daemon-process.ts';
import { Planner } from './planner.ts';
import { chooseNext } from './rotation.ts';

const INTERVAL_MS = 30_000;

runDaemon({
  name: 'planner',
  async start({ openReader, store, channelId, clock, logger, onWake, onStop }) {
    const reader = openReader();
    const planner = new Planner({ reader, store, channelId, choose: chooseNext, clock, logger });
    const timer = setInterval(() => void planner.wake(), INTERVAL_MS);
    onStop(async () => {
      clearInterval(timer);
      await planner.stop();
      reader[Symbol.dispose]();
    });
    onWake(['assets', 'queue', 'plans', 'library', 'as_run', 'incidents', 'channel', 'settings'], () => {
      void planner.wake();
    });
    await planner.wake();
  },
});
