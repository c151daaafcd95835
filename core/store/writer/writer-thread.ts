import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Topic } from '../../contract/daemon-messages.ts';
import { systemClock } from '../../platform/clock.ts';
import { dataPaths } from '../../platform/data-paths.ts';
import { failure } from './command-error.ts';
import { StoreEngine } from './store-engine.ts';
import type { FromWriterThread, ToWriterThread, WriterThreadData } from './thread-messages.ts';

/** Commands after which a group is committed although more wait: keeps one commit in the range of milliseconds. */
const GROUP_LIMIT = 512;
const RESERVE_CHECK_MS = 30_000;
const PRUNE_MS = 6 * 3600_000;

type Port = NonNullable<typeof parentPort>;

if (parentPort === null) throw new Error('writer-thread.ts runs only as a worker thread');
await main(parentPort, workerData);

async function main(port: Port, data: WriterThreadData): Promise<void> {
  const post = (message: FromWriterThread): void => port.postMessage(message);
  const opened = await open(data, post);
  if (opened === null) return;
  const engine = opened;

  const tell = (topics: Topic[]): void => {
    if (topics.length > 0) post({ type: 'done', results: [], topics });
  };
  let closing = false;
  const keepReserve = async (): Promise<void> => {
    try {
      const topics = closing ? [] : await engine.keepReserve();
      if (!closing) tell(topics);
    } catch (error) {
      post({ type: 'log', level: 'warn', message: 'the reserve file cannot be kept', detail: failure(error) });
    }
  };
  const reserveTimer = setInterval(keepReserve, RESERVE_CHECK_MS);
  const pruneTimer = setInterval(() => engine.pruneMetrics(), PRUNE_MS);

  port.on('message', (first: ToWriterThread) => {
    for (let next: ToWriterThread | null = first; next !== null; next = receive(port)) {
      const group: Extract<ToWriterThread, { type: 'run' }>[] = [];
      let size = 0;
      while (next?.type === 'run') {
        group.push(next);
        size += next.requests.length;
        next = size < GROUP_LIMIT ? receive(port) : null;
      }
      runGroup(engine, group, post);
      if (next?.type === 'maintain') maintain(engine, post);
      if (next?.type !== 'close') continue;
      closing = true;
      clearInterval(reserveTimer);
      clearInterval(pruneTimer);
      engine.close();
      post({ type: 'closed' });
      port.close();
      return;
    }
  });
  post({ type: 'ready' });
  await keepReserve();
}

function receive(port: Port): ToWriterThread | null {
  const received: { message: ToWriterThread } | undefined = receiveMessageOnPort(port);
  return received?.message ?? null;
}

function runGroup(
  engine: StoreEngine,
  group: readonly Extract<ToWriterThread, { type: 'run' }>[],
  post: (message: FromWriterThread) => void,
): void {
  if (group.length === 0) return;
  const { outcomes, topics } = engine.execute(group.flatMap((batch) => batch.requests));
  let from = 0;
  const results = group.map(({ id, requests }) => {
    const own = outcomes.slice(from, from + requests.length);
    from += requests.length;
    return { id, outcomes: own };
  });
  post({ type: 'done', results, topics });
}

/** Tidying is worth no channel: what fails is told and tried again the next night. */
function maintain(engine: StoreEngine, post: (message: FromWriterThread) => void): void {
  try {
    engine.maintain();
  } catch (error) {
    post({ type: 'log', level: 'warn', message: 'the database could not be tidied', detail: failure(error) });
  }
  post({ type: 'maintained' });
}

async function open(data: WriterThreadData, post: (message: FromWriterThread) => void): Promise<StoreEngine | null> {
  try {
    return await StoreEngine.open({
      paths: dataPaths(data.root),
      clock: systemClock,
      reserveBytes: data.reserveBytes,
      log: (level, message, detail) => post({ type: 'log', level, message, detail }),
    });
  } catch (error) {
    post({ type: 'refused', outcome: failure(error) });
    return null;
  }
}
