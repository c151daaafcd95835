import { parentPort, workerData } from 'node:worker_threads';
import { openStudioReader } from '../../core/store/open-studio-reader.ts';

/** Reads without a pause until told to stop, then reports how often and the first error. */
let running = true;
let reads = 0;
let error: string | null = null;
using reader = openStudioReader(workerData);
parentPort?.on('message', () => {
  running = false;
});
while (running && error === null) {
  try {
    reader.queue('main', 100);
    reader.planCounts('main');
    reader.bufferMs('main');
    reads += 1;
  } catch (caught) {
    error = String(caught);
  }
  await new Promise((resolve) => setImmediate(resolve));
}
parentPort?.postMessage({ reads, error });
parentPort?.close();
