import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostToDaemonSchema } from '../core/contract/daemon-messages.ts';
import type { StoreRequest } from '../core/contract/store-commands.ts';
import { openStudioReader } from '../core/store/open-studio-reader.ts';
import { PendingBatches } from '../core/store/writer/pending-batches.ts';
import { mixedLoad } from './store-load.ts';

/** One of the processes of `bench store`: sends commands at a steady rate over IPC, reads meanwhile, reports at the end. */
const [, , who = 'client', studioDb = '', seconds = '1', rate = '100'] = process.argv;

const TURN_MS = 10;
const READ_EVERY_TURNS = 5;

async function main(): Promise<void> {
  const client = new PendingBatches((id, commands) => process.send?.({ type: 'store', id, commands }));
  process.on('message', (raw) => {
    const message = hostToDaemonSchema.parse(raw);
    if (message.type === 'storeResult') client.settle(message.id, message.results);
  });
  using reader = openStudioReader(studioDb);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const latenciesMs: number[] = [];
  const errors: string[] = [];
  let reads = 0;
  const load = mixedLoad(who);
  const perTurn = (Number(rate) * TURN_MS) / 1000;
  const timed = async (request: StoreRequest): Promise<void> => {
    const sentMs = performance.now();
    const [outcome] = await client.runBatch([request]);
    latenciesMs.push(performance.now() - sentMs);
    if (outcome?.ok !== true) errors.push(outcome?.message ?? 'no answer');
  };
  const startedMs = performance.now();
  const pending: Promise<void>[] = [];
  for (let turn = 0; performance.now() - startedMs < Number(seconds) * 1000; turn += 1) {
    const due = Math.floor(((performance.now() - startedMs) / TURN_MS) * perTurn);
    while (pending.length < due) {
      const request = load.next().value;
      if (request === undefined) break;
      pending.push(timed(request));
    }
    if (turn % READ_EVERY_TURNS === 0) {
      try {
        reader.queue('main', 50);
        reader.planCounts('main');
        reader.bufferMs('main');
        reads += 1;
      } catch (error) {
        errors.push(String(error));
      }
    }
    await sleep(TURN_MS);
  }
  await Promise.all(pending);
  const report = { type: 'report', latenciesMs, errors, reads, loopDelayP99Ms: delay.percentile(99) / 1e6 - 10 };
  process.send?.(report, () => process.disconnect());
}

await main();
