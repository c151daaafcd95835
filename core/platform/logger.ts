import pino, { type Logger } from 'pino';

export type { Logger } from 'pino';

/**
 * Structured log, one line per event, on stderr (the host collects the lines of its children). Levels: `error` needs a
 * person soon, `warn` was mended by itself, `info` is the diary of the channel, `debug` is for developers.
 * `VVTV_LOG_LEVEL` chooses the level; the default is `info`.
 */
export function createLogger(component: string, fields: Record<string, unknown> = {}): Logger {
  return pino(
    {
      level: process.env['VVTV_LOG_LEVEL'] ?? 'info',
      base: { component, pid: process.pid, ...fields },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
