import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { StudioError } from '../contract/errors.ts';
import { processIdentity } from '../platform/process-identity.ts';
import { sweepOrphans } from './child-record.ts';
import { runTool } from './run-tool.ts';
import type { ToolProgress } from './tool-progress.ts';
import { locateTools, type Tools } from './tools.ts';

const logger = pino({ level: 'silent' });
const ENDLESS = ['-hide_banner', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc=s=64x36', '-f', 'null', '-'];

/** Waits until the process is gone, at most 10 s. */
async function gone(pid: number): Promise<void> {
  const end = performance.now() + 10_000;
  while ((await processIdentity(pid)) !== null) {
    assert.ok(performance.now() < end, `process ${pid} is still there`);
    await delay(20);
  }
}

function codeOf(error: unknown): string {
  assert.ok(error instanceof StudioError);
  return error.code;
}

describe('runTool', () => {
  let folder: string;
  let tools: Tools;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vvtv-run-'));
    tools = await locateTools({ settings: {}, resourcesDir: folder, toolsFolder: join(folder, 'tools') });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('reports progress and ends well', async () => {
    const reports: ToolProgress[] = [];
    const args = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=64x36:d=2:r=25', '-f', 'null', '-'];
    await runTool({ tool: tools.ffmpeg, args, logger, nice: 5, onProgress: (report) => reports.push(report) });
    assert.equal(reports.at(-1)?.done, true);
    assert.equal(reports.at(-1)?.frame, 50);
  });

  it('feeds stdin, keeps stdout and replaces broken UTF-8 on stderr', async () => {
    const script = String.raw`cat; printf 'bad \377 byte\n' >&2`;
    const result = await runTool({ tool: '/bin/sh', args: ['-c', script], logger, input: Buffer.from('in\n') });
    assert.equal(result.stdout.toString(), 'in\n');
    assert.equal(result.stderrTail, 'bad \ufffd byte\n');
  });

  it('quotes the meaningful lines and the command of a failure, without the stream key', async () => {
    const url = 'rtmp://127.0.0.1:9/live/secretkey123';
    const args = ['-hide_banner', '-nostdin', '-f', 'lavfi', '-i', 'testsrc=s=64x36:d=1', '-f', 'flv', url];
    const error = await runTool({ tool: tools.ffmpeg, args, logger }).catch((each: unknown) => each);
    assert.equal(codeOf(error), 'TOOL_FAILED');
    const shown = JSON.stringify({ message: String(error), detail: (error as StudioError).detail });
    assert.match(shown, /Connection refused/);
    assert.ok(!shown.includes('secretkey123'), shown);
    assert.match(shown, /-f flv 'rtmp:\/\/127.0.0.1:9\/live\/•••'/);
  });

  it('says that a program is missing', async () => {
    const error = await runTool({ tool: join(folder, 'nothing'), args: [], logger }).catch((each: unknown) => each);
    assert.equal(codeOf(error), 'TOOL_MISSING');
  });

  it('recognises a full disk', async () => {
    const script = "echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 228";
    const error = await runTool({ tool: '/bin/sh', args: ['-c', script], logger }).catch((each: unknown) => each);
    assert.equal(codeOf(error), 'DISK_FULL');
  });

  it('ends on abort and on the deadline, and leaves neither process nor record', async () => {
    const children = join(folder, 'children');
    const controller = new AbortController();
    const options = { tool: tools.ffmpeg, args: ENDLESS, logger, childrenFolder: children };
    const aborted = runTool({ ...options, signal: controller.signal, onProgress: () => controller.abort() });
    assert.equal(codeOf(await aborted.catch((each: unknown) => each)), 'ABORTED');
    const late = runTool({ ...options, deadlineMs: 150 });
    assert.equal(codeOf(await late.catch((each: unknown) => each)), 'DEADLINE');
    assert.deepEqual(await readdir(children), []);
  });

  it('leaves no tool behind when it is killed with kill -9', async () => {
    const children = join(folder, 'orphans');
    const script = `
      const { runTool } = await import(${JSON.stringify(new URL('./run-tool.ts', import.meta.url).href)});
      const logger = { debug() {}, warn() {} };
      await runTool({ tool: ${JSON.stringify(tools.ffmpeg)}, args: ${JSON.stringify(ENDLESS)}, logger,
        childrenFolder: ${JSON.stringify(children)}, onProgress: () => console.log('running') });`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(createInterface({ input: parent.stdout }), 'line');
    const [record] = await readdir(children);
    const pid = Number(/-(\d+)\.json$/.exec(record ?? '')?.[1]);
    assert.ok((await processIdentity(pid)) !== null);
    parent.kill('SIGKILL');
    await gone(pid);
    assert.deepEqual(await sweepOrphans(children, logger), []);
    assert.deepEqual(await readdir(children), []);
  });
});
