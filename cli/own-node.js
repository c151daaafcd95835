import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const INSTALLED = fileURLToPath(
  new URL(`../node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`, import.meta.url),
);
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'];

/** True when this version of Node runs TypeScript sources directly, as the rest of the program needs. */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/** Path of the Node that was installed with the program; null when there is none, or it is the running one. */
export function ownNode() {
  return existsSync(INSTALLED) && INSTALLED !== process.execPath ? INSTALLED : null;
}

/**
 * Runs the same command line with another Node on the same terminal, and ends as it ends. Signals are passed on; the one
 * that a terminal sends to both arrives twice within milliseconds, which counts as once (core/platform/stop-signals.ts).
 */
export function goOnWith(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of SIGNALS) {
    // Not every system knows every signal.
    if (signal !== 'SIGBREAK' || process.platform === 'win32') process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(`${node} cannot be started: ${error.message}`);
    process.exitCode = 10;
  });
  child.on('exit', (code) => {
    process.exit(code ?? 1);
  });
}
