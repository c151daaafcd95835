import { Worker } from 'node:worker_threads';
import type { Topic } from '../../contract/daemon-messages.ts';
import { describeError, StudioError } from '../../contract/errors.ts';
import type { StoreClient, StoreOutcome, StoreRequest } from '../../contract/store-commands.ts';
import type { DataPaths } from '../../platform/data-paths.ts';
import type { Logger } from '../../platform/logger.ts';
import { PendingBatches } from './pending-batches.ts';
import type { FromWriterThread, ToWriterThread, WriterThreadData } from './thread-messages.ts';

export interface StoreWriter extends StoreClient {
  /** For relays: commands of other processes, unchecked; one outcome each, in order. They commit together. */
  runBatch(requests: readonly StoreRequest[]): Promise<StoreOutcome[]>;
  /** Lets SQLite tidy up (`optimize`, a part of the free pages given back); resolves when it is done. */
  maintain(): Promise<void>;
  /** Waits for everything sent, brings the write-ahead log into the database, ends the thread. */
  close(): Promise<void>;
}

export interface StoreWriterOptions {
  paths: DataPaths;
  logger?: Logger;
  /** Called once after every commit with the topics it changed. */
  onChanged(topics: Topic[]): void;
  /** The thread died by itself; every later command rejects with this error. */
  onFailed?(error: StudioError): void;
  /** Size of the disk reserve, bytes; 64 MiB when absent. */
  reserveBytes?: number;
}

const DEFAULT_RESERVE_BYTES = 64 * 1024 * 1024;

/**
 * Starts the writer thread: the only writer of studio.sqlite and metrics.sqlite. Opens, backs up and migrates first.
 *
 * @throws StudioError `DATABASE_NEWER` or `DATABASE_BROKEN`; the studio database is then as it was.
 */
export async function startStoreWriter(options: StoreWriterOptions): Promise<StoreWriter> {
  const workerData: WriterThreadData = {
    root: options.paths.root,
    reserveBytes: options.reserveBytes ?? DEFAULT_RESERVE_BYTES,
  };
  const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), {
    workerData,
    name: 'store-writer',
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
  const post = (message: ToWriterThread): void => worker.postMessage(message);
  const pending = new PendingBatches((id, requests) => post({ type: 'run', id, requests }));
  const ready = Promise.withResolvers<void>();
  const exited = Promise.withResolvers<void>();
  let maintained = Promise.withResolvers<void>();
  let running = false;
  let closing = false;

  const fail = (error: StudioError): void => {
    pending.fail(error);
    maintained.resolve();
    ready.reject(error);
    if (running && !closing) options.onFailed?.(error);
    running = false;
  };
  worker.on('message', (message: FromWriterThread) => {
    switch (message.type) {
      case 'ready':
        running = true;
        return ready.resolve();
      case 'refused':
        return fail(new StudioError(message.outcome.code, message.outcome.message, { detail: message.outcome.detail }));
      case 'done':
        for (const { id, outcomes } of message.results) pending.settle(id, outcomes);
        if (message.topics.length > 0) options.onChanged(message.topics);
        return;
      case 'maintained':
        return maintained.resolve();
      case 'log':
        return options.logger?.[message.level](message.detail, message.message);
      case 'closed':
        closing = true;
        return;
    }
  });
  worker.on('error', (error) =>
    fail(new StudioError('INTERNAL', `the store writer failed: ${describeError(error)}`, { cause: error })),
  );
  worker.on('exit', () => {
    fail(new StudioError('INTERNAL', 'the store writer has ended'));
    exited.resolve();
  });
  await ready.promise;

  return {
    run: (name, args) => pending.run(name, args),
    runBatch: (requests) => pending.runBatch(requests),
    maintain() {
      maintained.resolve();
      maintained = Promise.withResolvers();
      if (running && !closing) post({ type: 'maintain' });
      else maintained.resolve();
      return maintained.promise;
    },
    async close() {
      if (closing) return exited.promise;
      closing = true;
      await pending.drain();
      if (running) post({ type: 'close' });
      await exited.promise;
    },
  };
}
