import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePort } from '../core/platform/free-port.ts';
import { waitUntil } from './wait-until.ts';

const NGINX = '/usr/sbin/nginx';
const NGINX_MODULE = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

export interface RtmpServer extends AsyncDisposable {
  readonly kind: 'nginx' | 'node-media-server';
  /** Address of a stream on it. */
  url(stream: string): string;
  /** Publishers it accepted so far; null when the server cannot tell. */
  publishes(): Promise<number | null>;
}

/**
 * A real RTMP server in a process of its own, on a free loopback port: nginx-rtmp where it is installed and wanted,
 * else node-media-server.
 */
export async function startRtmpServer(wanted: 'nginx' | 'node-media-server'): Promise<RtmpServer> {
  const folder = await mkdtemp(join(tmpdir(), 'vvtv-rtmp-'));
  const port = await choosePort([]);
  const kind = wanted === 'nginx' && existsSync(NGINX) && existsSync(NGINX_MODULE) ? 'nginx' : 'node-media-server';
  const log = join(folder, 'publishes.log');
  const child = kind === 'nginx' ? await startNginx(folder, port, log) : startNodeMediaServer(folder, port);
  await waitUntil('the RTMP server listens', () => isListening(port));
  return {
    kind,
    url: (stream) => `rtmp://127.0.0.1:${port}/live/${stream}`,
    async publishes() {
      if (kind !== 'nginx') return null;
      const lines = (await readFile(log, 'utf8').catch(() => '')).split('\n');
      return lines.filter((line) => line.includes('publish: name=')).length;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startNginx(folder: string, port: number, log: string): Promise<ChildProcess> {
  const config = join(folder, 'nginx.conf');
  await writeFile(
    config,
    `load_module ${NGINX_MODULE};
daemon off; master_process off; worker_processes 1; pid ${join(folder, 'pid')}; error_log ${log} info;
events { worker_connections 64; }
rtmp { server { listen 127.0.0.1:${port}; chunk_size 65536; ping 30s;
  application live { live on; wait_key on; wait_video on; drop_idle_publisher 30s; } } }
`,
  );
  return spawn(NGINX, ['-c', config, '-p', folder, '-e', log], { stdio: 'ignore' });
}

function startNodeMediaServer(folder: string, port: number): ChildProcess {
  // It keeps records in its working folder, so that is the temporary one; the package is then found by its address.
  const script = `const { default: Server } = await import(${JSON.stringify(import.meta.resolve('node-media-server'))});
new Server({ bind: '127.0.0.1', notify: {}, auth: {}, static: {}, rtmp: { port: ${port} } }).run();`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, stdio: 'ignore' });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1');
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
