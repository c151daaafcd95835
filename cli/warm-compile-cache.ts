import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

const CORE = join(import.meta.dirname, '..', 'core');
const DEADLINE_MS = 10_000;

/**
 * Compiles the host and every daemon once and keeps the result (part of `npm run build`), so that not even the first
 * start pays for it. The daemons are started without their arguments: they load, say how they want to be started, and end.
 */
export async function warmCompileCache(): Promise<void> {
  const programs = readdirSync(CORE, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && (entry.name === 'main.ts' || entry.name.endsWith('-thread.ts')),
  );
  for (const { parentPath, name } of programs) {
    const path = join(parentPath, name);
    if (name.endsWith('-thread.ts')) await compileThread(path);
    else await once(spawn(process.execPath, [path], { stdio: 'ignore', timeout: DEADLINE_MS }), 'exit');
  }
  await Promise.all([
    import('../core/host/studio-host.ts'),
    import('../core/platform/stop-signals.ts'),
    import('./run-log.ts'),
    import('./format/banner.ts'),
    import('./open-in-browser.ts'),
  ]);
  flushCompileCache();
}

/** A thread of the host has the host's flags, and compiled code is kept by flags (prepare-node.js): so it is one here too. */
async function compileThread(path: string): Promise<void> {
  const thread = new Worker(path);
  // Without the data it wants it fails, but only after it has been compiled.
  thread.on('error', () => undefined);
  await once(thread, 'exit');
}
