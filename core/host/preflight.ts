import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Channel, PreflightCheck } from '../contract/control-api.ts';
import type { DestinationStatus } from '../contract/destination.ts';
import { describeError } from '../contract/errors.ts';
import type { HouseManifest } from '../contract/house-piece.ts';
import type { ProcessReport } from './studio.ts';

export interface PreflightFacts {
  readonly channel: Channel;
  readonly destinations: readonly DestinationStatus[];
  readonly bufferMs: number;
  readonly freeDiskBytes: number | null;
  readonly house: HouseManifest | null;
  readonly processes: readonly ProcessReport[];
  /** Versions of the tools; throws when one is missing. */
  tools(): Promise<string>;
}

const GIB = 1024 ** 3;
const LEAST_DISK_BYTES = 2 * GIB;
const COMFORTABLE_DISK_BYTES = 20 * GIB;
const LEAST_BUFFER_MS = 2 * 3600_000;

/** Everything that should be in order before one leaves the channel alone, each with its figure and what to do. */
export async function preflight(facts: PreflightFacts): Promise<PreflightCheck[]> {
  return [
    await tools(facts),
    house(facts),
    air(facts),
    ...facts.destinations.map(destination),
    ...(await library(facts)),
    buffer(facts),
    disk(facts),
    ...facts.processes.map(process),
  ];
}

async function tools(facts: PreflightFacts): Promise<PreflightCheck> {
  try {
    return { name: 'media tools', verdict: 'ok', message: await facts.tools() };
  } catch (error) {
    return { name: 'media tools', verdict: 'failed', message: describeError(error) };
  }
}

function house({ house: manifest }: PreflightFacts): PreflightCheck {
  const name = 'emergency loop';
  if (!manifest) return { name, verdict: 'failed', message: 'not rendered yet; wait, or look at the processor' };
  const pieces = manifest.emergency.length;
  return pieces > 0
    ? { name, verdict: 'ok', message: `${pieces} pieces, verified ${new Date(manifest.verifiedAtMs).toISOString()}` }
    : { name, verdict: 'warning', message: 'only the slate exists; the loop is still being rendered' };
}

function air({ channel }: PreflightFacts): PreflightCheck {
  const name = 'on air';
  const message = `${channel.name} is ${channel.air.replace('_', ' ')}`;
  if (channel.air === 'on_air') return { name, verdict: 'ok', message };
  const verdict = channel.air === 'unreachable' ? 'failed' : 'warning';
  const advice = {
    off: 'go on air with `vvtvctl on-air`',
    starting: 'wait a few seconds',
    emergency: 'add material, or leave the emergency with `vvtvctl emergency off`',
    unreachable: 'the host is restarting the broadcaster; look at its log if this lasts',
  }[channel.air];
  return { name, verdict, message: `${message}: ${advice}` };
}

function destination({ name, state, bitrateKbps, maskedUrl, lastError }: DestinationStatus): PreflightCheck {
  const title = `destination ${name}`;
  if (state === 'live')
    return {
      name: title,
      verdict: 'ok',
      message: `live at ${bitrateKbps ?? 'an unknown number of'} kb/s (${maskedUrl})`,
    };
  const why = lastError ? `: ${lastError}` : '';
  const verdict = state === 'circuit_open' || state === 'stalled' ? 'failed' : 'warning';
  return { name: title, verdict, message: `${state.replace('_', ' ')}${why} (${maskedUrl})` };
}

async function library({ channel }: PreflightFacts): Promise<PreflightCheck[]> {
  if (channel.libraryFolders.length === 0)
    return [{ name: 'library', verdict: 'warning', message: 'no folder yet: `vvtvctl library add /path/to/videos`' }];
  return Promise.all(
    channel.libraryFolders.map(async ({ path }): Promise<PreflightCheck> => {
      const name = `library ${path}`;
      try {
        await access(path, constants.R_OK);
        return { name, verdict: 'ok', message: 'readable' };
      } catch (error) {
        return { name, verdict: 'failed', message: `cannot be read: ${describeError(error)}` };
      }
    }),
  );
}

function buffer({ bufferMs }: PreflightFacts): PreflightCheck {
  const hours = (bufferMs / 3600_000).toFixed(1);
  return bufferMs >= LEAST_BUFFER_MS
    ? { name: 'buffer', verdict: 'ok', message: `${hours} h of ready material are queued` }
    : { name: 'buffer', verdict: 'warning', message: `only ${hours} h are queued, less than 2 h: add material` };
}

function disk({ freeDiskBytes }: PreflightFacts): PreflightCheck {
  const name = 'disk';
  if (freeDiskBytes === null) return { name, verdict: 'warning', message: 'the system does not tell the free space' };
  const message = `${(freeDiskBytes / GIB).toFixed(1)} GiB free`;
  if (freeDiskBytes >= COMFORTABLE_DISK_BYTES) return { name, verdict: 'ok', message };
  const verdict = freeDiskBytes < LEAST_DISK_BYTES ? 'failed' : 'warning';
  return { name, verdict, message: `${message}: free some space, preparing stops when it is full` };
}

function process({ name, state, restarts, pid }: ProcessReport): PreflightCheck {
  const title = `process ${name}`;
  if (state === 'running') return { name: title, verdict: 'ok', message: `pid ${pid}, ${restarts} restarts` };
  const verdict = state === 'given_up' ? 'failed' : 'warning';
  return { name: title, verdict, message: `${state.replace('_', ' ')} after ${restarts} restarts` };
}
