import { StudioError } from '../../contract/errors.ts';
import type {
  StoreClient,
  StoreCommandArgs,
  StoreCommandName,
  StoreCommandResult,
  StoreOutcome,
  StoreRequest,
} from '../../contract/store-commands.ts';

interface Call {
  request: StoreRequest;
  settle(outcome: StoreOutcome): void;
  reject(error: StudioError): void;
}

interface SentBatch {
  settle(outcomes: readonly StoreOutcome[]): void;
  reject(error: StudioError): void;
}

/**
 * The calling side of the store, whatever carries the messages: gathers the commands of one turn of the event loop into
 * one batch, sends it, and settles every caller by the outcomes that come back under the same id. Nothing is sent twice.
 */
export class PendingBatches implements StoreClient {
  readonly #send: (id: number, requests: readonly StoreRequest[]) => void;
  readonly #sent = new Map<number, SentBatch>();
  #gathered: Call[] = [];
  #lastId = 0;
  #gone: StudioError | null = null;
  #drained: (() => void)[] = [];

  constructor(send: (id: number, requests: readonly StoreRequest[]) => void) {
    this.#send = send;
  }

  run<N extends StoreCommandName>(name: N, args: StoreCommandArgs<N>): Promise<StoreCommandResult<N>> {
    return new Promise((resolve, reject) => {
      if (this.#gathered.length === 0) setImmediate(() => this.#flush());
      this.#gathered.push({
        request: { name, args },
        settle(outcome) {
          // The answer crosses a thread or process border here; its type is the one the writer's command table is checked against.
          if (outcome.ok) resolve(outcome.value as StoreCommandResult<N>);
          else reject(new StudioError(outcome.code, outcome.message, { detail: outcome.detail }));
        },
        reject,
      });
    });
  }

  /** Sends a batch as it is, at once. One outcome per request, in order; rejects only when the store is gone. */
  runBatch(requests: readonly StoreRequest[]): Promise<StoreOutcome[]> {
    return new Promise((resolve, reject) => {
      this.#dispatch(requests, { settle: (outcomes) => resolve([...outcomes]), reject });
    });
  }

  /** The outcomes of a batch arrived. */
  settle(id: number, outcomes: readonly StoreOutcome[]): void {
    const batch = this.#sent.get(id);
    this.#sent.delete(id);
    batch?.settle(outcomes);
    if (this.#sent.size === 0) for (const resolve of this.#drained.splice(0)) resolve();
  }

  /** The store is gone: everything unanswered is rejected, and so is everything asked from now on. */
  fail(error: StudioError): void {
    this.#gone = error;
    this.#flush();
    for (const batch of this.#sent.values()) batch.reject(error);
    this.#sent.clear();
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  /** Sends what is gathered and resolves when everything sent so far is answered. */
  async drain(): Promise<void> {
    this.#flush();
    if (this.#sent.size > 0) await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  #flush(): void {
    if (this.#gathered.length === 0) return;
    const calls = this.#gathered;
    this.#gathered = [];
    this.#dispatch(
      calls.map((call) => call.request),
      {
        settle: (outcomes) => {
          for (const [index, call] of calls.entries()) {
            const outcome = outcomes[index];
            if (outcome !== undefined) call.settle(outcome);
            else call.reject(new StudioError('INTERNAL', `the store did not answer ${call.request.name}`));
          }
        },
        reject: (error) => {
          for (const call of calls) call.reject(error);
        },
      },
    );
  }

  #dispatch(requests: readonly StoreRequest[], batch: SentBatch): void {
    if (this.#gone !== null) {
      batch.reject(this.#gone);
      return;
    }
    if (requests.length === 0) {
      batch.settle([]);
      return;
    }
    this.#lastId += 1;
    const id = this.#lastId;
    this.#sent.set(id, batch);
    try {
      this.#send(id, requests);
    } catch (error) {
      this.#sent.delete(id);
      batch.reject(new StudioError('INTERNAL', 'the command could not be sent to the store', { cause: error }));
    }
  }
}
