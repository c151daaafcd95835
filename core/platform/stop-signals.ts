/**
 * Signals by which a person or the system asks for a graceful stop: Ctrl-C, `kill`, Ctrl-Break. A closed terminal is no
 * such request (a lost ssh connection must not end the channel), except on Windows, where the system ends the program anyway.
 */
export function stopSignals(platform: NodeJS.Platform = process.platform): NodeJS.Signals[] {
  return platform === 'win32' ? ['SIGINT', 'SIGBREAK', 'SIGHUP'] : ['SIGINT', 'SIGTERM'];
}

/**
 * Calls `graceful` at the first of these signals and `force` at the next one (a second Ctrl-C means "at once").
 * Two signals within 300 ms are one: terminals and wrappers such as npm deliver the same Ctrl-C twice.
 */
export function onStopSignals(graceful: (signal: NodeJS.Signals) => void, force: () => void): Disposable {
  const SAME_KEYPRESS_MS = 300;
  let firstAt: number | null = null;
  const listener = (signal: NodeJS.Signals): void => {
    if (firstAt === null) {
      firstAt = performance.now();
      graceful(signal);
    } else if (performance.now() - firstAt > SAME_KEYPRESS_MS) force();
  };
  const signals = stopSignals();
  for (const signal of signals) process.on(signal, listener);
  return {
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, listener);
    },
  };
}
