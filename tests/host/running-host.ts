import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { isPidAlive, processIdentity } from '../../core/platform/process-identity.ts';
import { TINY_PROFILE } from '../tiny-profile.ts';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('../../cli/vvtvctl.js', import.meta.url));

const startedSchema = z.object({
  url: z.string(),
  link: z.string(),
  pid: z.number(),
  rtmpUrl: z.string().nullable(),
  programUrl: z.string(),
});
const hostFileSchema = z.object({ url: z.string().nullable() });
const runFileSchema = z.object({ pid: z.number() });

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `vvtvctl` as a person would. */
export async function vvtvctl(dataDir: string, ...args: string[]): Promise<CliResult> {
  try {
    const { stdout, stderr } = await run(process.execPath, [CLI, '--data', dataDir, ...args]);
    return { code: 0, stdout, stderr };
  } catch (error) {
    if (!(error instanceof Error) || !('stdout' in error) || !('stderr' in error) || !('code' in error)) throw error;
    return { code: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) };
  }
}

/** A whole studio as `vvtvctl run --json` starts it, in a process of its own. */
export class RunningHost {
  readonly dataDir: string;
  readonly child: ChildProcess;
  readonly started: z.infer<typeof startedSchema>;

  private constructor(dataDir: string, child: ChildProcess, started: z.infer<typeof startedSchema>) {
    this.dataDir = dataDir;
    this.child = child;
    this.started = started;
  }

  /** Resolves when the host has told where it is. */
  static async start(dataDir: string, ...args: string[]): Promise<RunningHost> {
    const profile = args.includes('--profile') ? [] : ['--profile', JSON.stringify(TINY_PROFILE)];
    const child = spawn(process.execPath, [CLI, 'run', '--data', dataDir, '--json', ...profile, ...args], {
      stdio: ['ignore', 'pipe', process.env['VVTV_TEST_LOG'] ? 'inherit' : 'ignore'],
    });
    const [line] = await Promise.race([
      once(createInterface({ input: child.stdout }), 'line'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the host exited with ${String(code)}`))),
    ]);
    return new RunningHost(dataDir, child, startedSchema.parse(JSON.parse(String(line))));
  }

  /** Pid of a detached process, from its run file; null when there is none. */
  async pidOf(name: 'broadcaster' | 'origin'): Promise<number | null> {
    try {
      return runFileSchema.parse(JSON.parse(await readFile(join(this.dataDir, 'run', `${name}.json`), 'utf8'))).pid;
    } catch {
      return null;
    }
  }

  /** Waits until the channel is in this state, as `vvtvctl status --json` tells it. */
  async untilAir(air: string, deadlineMs = 20_000): Promise<void> {
    await until(async () => (await this.ready()) === air, deadlineMs, `the channel is not "${air}"`);
  }

  /** The word of `/readyz`. */
  async ready(): Promise<string> {
    return (await (await fetch(`${this.started.url}/readyz`)).text()).trim();
  }

  async kill(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }

  /** Graceful stop; answers the exit code. */
  async stop(signal: 'SIGINT' | 'SIGTERM' = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = await exit;
    return typeof code === 'number' ? code : null;
  }
}

/** Time until a host that was started at `startedMs` says that the channel is on air, ms. */
export async function untilAttached(dataDir: string, startedMs: number): Promise<number> {
  const path = join(dataDir, 'run', 'host.json');
  const before = await readFile(path, 'utf8').catch(() => '');
  let url: string | null = null;
  await until(
    async () => {
      const text = await readFile(path, 'utf8').catch(() => '');
      if (text === '' || text === before) return false;
      url = hostFileSchema.parse(JSON.parse(text)).url;
      if (url === null) return false;
      const answer = await fetch(`${url}/readyz`).catch(() => null);
      return answer !== null && ['on_air', 'emergency'].includes((await answer.text()).trim());
    },
    20_000,
    'the new host is not attached',
  );
  return performance.now() - startedMs;
}

/** Stops a host gracefully; throws when one of its processes stays behind. */
export async function stopAndCheck(host: RunningHost): Promise<void> {
  const pids = [await host.pidOf('broadcaster'), await host.pidOf('origin')];
  const code = await host.stop();
  if (code !== 0) throw new Error(`the host ended with ${String(code)}`);
  for (const pid of pids)
    if (pid !== null && (await processIdentity(pid)) !== null) throw new Error(`process ${pid} was left behind`);
}

/** Waits for a condition, polling gently. Throws with `what` when the deadline passes. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  deadlineMs: number,
  what: string,
): Promise<void> {
  const lastMs = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > lastMs) throw new Error(`${what} after ${deadlineMs} ms`);
    await delay(20);
  }
}

/** Ends whatever a failed test left behind in a data folder. */
export async function cleanUp(dataDir: string): Promise<void> {
  for (const name of ['host', 'broadcaster', 'origin']) {
    const text = await readFile(join(dataDir, 'run', `${name}.json`), 'utf8').catch(() => null);
    const pid = text === null ? null : (runFileSchema.safeParse(JSON.parse(text)).data?.pid ?? null);
    if (pid !== null && isPidAlive(pid)) process.kill(pid, 'SIGKILL');
  }
}
