import type { DaemonToHost, HostToDaemon } from '../contract/daemon-messages.ts';
import { StudioError } from '../contract/errors.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import { PendingBatches } from './writer/pending-batches.ts';

export interface IpcStoreClient extends StoreClient {
  /** To be given every `storeResult` of the host. */
  accept(message: Extract<HostToDaemon, { type: 'storeResult' }>): void;
  /** The host is gone: everything unanswered rejects. */
  disconnected(): void;
}

/**
 * The store as a forked daemon sees it: commands of one turn of the event loop travel in one `store` message over the IPC
 * channel. Nothing is sent again; when the host goes away the callers get an error and decide.
 */
export function createIpcStoreClient(send: (message: DaemonToHost) => void): IpcStoreClient {
  const pending = new PendingBatches((id, commands) => send({ type: 'store', id, commands: [...commands] }));
  return {
    run: (name, args) => pending.run(name, args),
    accept: (message) => pending.settle(message.id, message.results),
    disconnected: () => pending.fail(new StudioError('HOST_NOT_RUNNING', 'the host went away')),
  };
}
