import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';

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
    const child = spawn(process.execPath, [join(parentPath, name)], { stdio: 'ignore', timeout: DEADLINE_MS });
    await once(child, 'exit');
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
