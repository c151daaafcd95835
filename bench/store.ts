import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { daemonToHostSchema } from '../core/contract/daemon-messages.ts';
import type { StoreRequest } from '../core/contract/store-commands.ts';
import { type DataPaths, dataPaths } from '../core/platform/data-paths.ts';
import { answerStoreMessage } from '../core/store/store-relay.ts';
import { type StoreWriter, startStoreWriter } from '../core/store/writer/store-writer.ts';
import { report } from './report.ts';
import { mixedLoad, SENDERS, stage } from './store-load.ts';

/** The processes that send over IPC; the first sender is this one. */
const CLIENTS = SENDERS.slice(1);
/** Commands a second of each process: together about a hundred times what a busy studio sends. */
const RATE_EACH = 200;
const THROUGHPUT_SECONDS = 5;
/** Commands of one turn of the event loop, and turns under way, in the throughput part. */
const BATCH = 100;
const BATCHES_IN_FLIGHT = 10;

const clientReportSchema = z.object({
  type: z.literal('report'),
  latenciesMs: z.array(z.number()),
  errors: z.array(z.string()),
  reads: z.number(),
  loopDelayP99Ms: z.number(),
});
type ClientReport = z.infer<typeof clientReportSchema>;

/** Commands a second through the writer thread, then latency and SQLITE_BUSY with five processes over IPC (`--seconds N`). */
export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { seconds: { type: 'string', default: '60' } },
  });
  const root = await mkdtemp(join(tmpdir(), 'vvtv-bench-store-'));
  const paths = dataPaths(root);
  const writer = await startStoreWriter({ paths, onChanged: () => {} });
  try {
    await runAll(writer, [...stage()]);
    const commandsPerSecond = await measureThroughput(writer);
    const reports = await measureProcesses(writer, paths, Number(values.seconds));
    const latenciesMs = reports.flatMap((one) => one.latenciesMs).sort((a, b) => a - b);
    const errors = reports.flatMap((one) => one.errors);
    const quantile = (q: number): number | null => latenciesMs[Math.floor(latenciesMs.length * q)] ?? null;
    if (errors.length > 0) console.log(`first errors: ${errors.slice(0, 3).join(' | ')}`);
    report('store', {
      commands_per_s: { value: Math.round(commandsPerSecond), unit: '1/s', bar: '>= 20000' },
      busy_errors: { value: errors.filter((text) => /busy|locked/i.test(text)).length, unit: '', bar: '= 0' },
      p99_ms: { value: quantile(0.99), unit: 'ms', bar: '<= 20' },
      p50_ms: { value: quantile(0.5), unit: 'ms', bar: null },
      max_ms: { value: latenciesMs.at(-1) ?? null, unit: 'ms', bar: null },
      other_errors: { value: errors.filter((text) => !/busy|locked/i.test(text)).length, unit: '', bar: '= 0' },
      seconds: { value: Number(values.seconds), unit: 's', bar: null },
      processes: { value: CLIENTS.length, unit: '', bar: null },
      offered_per_s: { value: CLIENTS.length * RATE_EACH, unit: '1/s', bar: null },
      answered: { value: latenciesMs.length, unit: '', bar: null },
      reads: { value: reports.reduce((sum, one) => sum + one.reads, 0), unit: '', bar: null },
    });
  } finally {
    await writer.close();
    await rm(root, { recursive: true, force: true });
  }
}

async function measureThroughput(writer: StoreWriter): Promise<number> {
  const load = mixedLoad('host');
  const startedMs = performance.now();
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - startedMs < THROUGHPUT_SECONDS * 1000) {
      const batch = Array.from({ length: BATCH }, () => load.next().value).filter((one) => one !== undefined);
      await runAll(writer, batch);
      done += batch.length;
    }
  };
  await Promise.all(Array.from({ length: BATCHES_IN_FLIGHT }, lane));
  return (done * 1000) / (performance.now() - startedMs);
}

async function runAll(writer: StoreWriter, requests: StoreRequest[]): Promise<void> {
  for (const [index, outcome] of (await writer.runBatch(requests)).entries())
    if (!outcome.ok) throw new Error(`${requests[index]?.name}: ${outcome.message}`);
}

async function measureProcesses(writer: StoreWriter, paths: DataPaths, seconds: number): Promise<ClientReport[]> {
  const children: ChildProcess[] = [];
  try {
    return await Promise.all(
      CLIENTS.map((who) => {
        const args = [who, paths.studioDb, String(seconds), String(RATE_EACH)];
        const child = fork(join(import.meta.dirname, 'store-client.ts'), args);
        children.push(child);
        return clientReport(child, writer);
      }),
    );
  } finally {
    for (const child of children) child.kill();
  }
}

function clientReport(child: ChildProcess, writer: StoreWriter): Promise<ClientReport> {
  return new Promise((resolve, reject) => {
    let result: ClientReport | null = null;
    child.on('message', (raw) => {
      const last = clientReportSchema.safeParse(raw);
      if (last.success) {
        result = last.data;
        return;
      }
      const message = daemonToHostSchema.parse(raw);
      if (message.type === 'store') void answerStoreMessage(writer, message).then((answer) => child.send(answer));
    });
    child.on('exit', (code) => {
      if (result === null) reject(new Error(`a client process ended with ${code} and no report`));
      else resolve(result);
    });
  });
}
