import { runDaemon } from '../store/daemon-process.ts';
import { Planner } from './planner.ts';
import { chooseNext } from './rotation.ts';

const INTERVAL_MS = 30_000;
/** Changes come in flurries, the planner's own among them: one look after a short while sees them all. */
const SETTLE_MS = 100;

runDaemon({
  name: 'planner',
  async start({ openReader, store, channelId, clock, logger, onWake, onStop }) {
    const reader = openReader();
    const planner = new Planner({ reader, store, channelId, choose: chooseNext, clock, logger });
    let settling: NodeJS.Timeout | undefined;
    const timer = setInterval(() => void planner.wake(), INTERVAL_MS);
    onStop(async () => {
      clearInterval(timer);
      clearTimeout(settling);
      await planner.stop();
      reader[Symbol.dispose]();
    });
    onWake(['assets', 'queue', 'plans', 'library', 'as_run', 'incidents', 'channel', 'settings'], () => {
      settling ??= setTimeout(() => {
        settling = undefined;
        void planner.wake();
      }, SETTLE_MS);
    });
    await planner.wake();
  },
});
