import type { DaemonToHost, HostToDaemon } from '../contract/daemon-messages.ts';
import { describeError } from '../contract/errors.ts';
import type { StoreOutcome } from '../contract/store-commands.ts';
import type { StoreWriter } from './writer/store-writer.ts';

/** Host side of the store for forked daemons: runs the commands of a `store` message and makes the answer to send back. Never rejects. */
export async function answerStoreMessage(
  writer: Pick<StoreWriter, 'runBatch'>,
  message: Extract<DaemonToHost, { type: 'store' }>,
): Promise<Extract<HostToDaemon, { type: 'storeResult' }>> {
  try {
    return { type: 'storeResult', id: message.id, results: await writer.runBatch(message.commands) };
  } catch (error) {
    const outcome: StoreOutcome = { ok: false, code: 'INTERNAL', message: describeError(error), detail: {} };
    return { type: 'storeResult', id: message.id, results: message.commands.map(() => outcome) };
  }
}
