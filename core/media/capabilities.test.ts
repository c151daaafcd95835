import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import pino from 'pino';
import { testTools } from '../../tests/house-clip.ts';
import { probeCapabilities } from './capabilities.ts';

test('what is claimed was tried out, and is remembered for this binary', async () => {
  const toolsFolder = await mkdtemp(join(tmpdir(), 'vvtv-tools-'));
  try {
    const options = { tools: await testTools(), toolsFolder, logger: pino({ level: 'silent' }) };
    const found = await probeCapabilities(options);
    assert.deepEqual(found.encoders, { libx264: true, aac: true });
    assert.equal(found.protocols.rtmp, true);
    assert.ok(found.filters.ebur128 && found.filters.xfade);
    // An encoder of Apple's cannot work elsewhere, whatever the build says.
    if (process.platform !== 'darwin') assert.equal(found.hardware.h264_videotoolbox, false);
    const written = (await stat(join(toolsFolder, 'capabilities.json'))).mtimeMs;
    assert.deepEqual(await probeCapabilities(options), found);
    assert.equal((await stat(join(toolsFolder, 'capabilities.json'))).mtimeMs, written);
  } finally {
    await rm(toolsFolder, { recursive: true, force: true });
  }
});
