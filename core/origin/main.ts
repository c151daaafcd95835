import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeError } from '../contract/errors.ts';
import {
  ORIGIN_PROTOCOL_VERSION,
  type OriginAddress,
  type OriginRunFile,
  originAddressSchema,
} from '../contract/origin-protocol.ts';
import { systemClock } from '../platform/clock.ts';
import { dataPaths } from '../platform/data-paths.ts';
import { localEndpoint } from '../platform/local-endpoint.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { makePrivateFolder, readPrivateFile, writePrivateFile } from '../platform/private-file.ts';
import { keepRunFile } from '../platform/run-file.ts';
import { ControlServer } from './control-server.ts';
import { OriginServer } from './origin-server.ts';

const SECRET_BYTES = 24;

/** `node core/origin/main.ts --data DIR --channel ID`: runs until SIGTERM, SIGINT or `stop`; survives its starter. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string' }, channel: { type: 'string' } } });
  if (!values.data || !values.channel) throw new Error('usage: main.ts --data DIR --channel ID');
  const paths = dataPaths(values.data);
  const logger = createLogger('origin', { channel: values.channel });
  const runFile = join(paths.run, 'origin.json');
  const addressFile = join(paths.run, 'origin-address.json');
  await makePrivateFolder(paths.run);

  let stopping = false;
  let releaseRunFile = async (): Promise<void> => undefined;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await releaseRunFile();
    await rm(runFile, { force: true });
    await Promise.all([control.close(), origin.close()]);
    logger.info('stopped');
  };
  const token = randomBytes(SECRET_BYTES).toString('base64url');
  const endpoint = localEndpoint(paths.run, 'origin');
  const last = await readAddress(addressFile, logger);
  const origin = new OriginServer({
    channelId: values.channel,
    streamKey: last?.streamKey ?? randomBytes(SECRET_BYTES).toString('base64url'),
    clock: systemClock,
    logger,
    onChange: () => control.pushStatus(),
  });
  const control = new ControlServer({
    endpoint,
    token,
    logger,
    status: () => origin.status(),
    onStop: () => void stop(),
  });

  await control.listen();
  const address = await origin.listen(last?.rtmpPort ?? null);
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  // The terminal or session that started the studio may end; the players stay connected.
  process.on('SIGHUP', () => logger.info('ignored SIGHUP'));
  await writePrivateFile(addressFile, JSON.stringify(address));
  const run: OriginRunFile = {
    pid: process.pid,
    version: ORIGIN_PROTOCOL_VERSION,
    endpoint,
    token,
    rtmpPort: address.rtmpPort,
    publishUrl: origin.publishUrl,
    playUrl: origin.playUrl,
    startedAtMs: systemClock.wallMs(),
  };
  releaseRunFile = await keepRunFile({ path: runFile, run, log: logger });
  logger.info({ playUrl: origin.playUrl }, 'RTMP origin listens');
}

/** Address of the last run, so that pushers and players find the new origin where the old one was. */
async function readAddress(path: string, logger: Logger): Promise<OriginAddress | null> {
  try {
    const text = await readPrivateFile(path);
    return text === null ? null : originAddressSchema.parse(JSON.parse(text));
  } catch (error) {
    logger.warn({ path, error: describeError(error) }, 'address of the last run is unusable: taking a new one');
    return null;
  }
}

main().catch((error: unknown) => {
  createLogger('origin').fatal({ error: describeError(error) }, 'the RTMP origin cannot start');
  process.exit(1);
});
