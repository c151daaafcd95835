import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { HouseProfile } from '../../core/contract/profile.ts';
import { TINY_PROFILE } from '../tiny-profile.ts';
import { makeClips } from './generated-clips.ts';

const CLI = fileURLToPath(new URL('../../cli/vvtvctl.js', import.meta.url));
const greetingSchema = z.object({ link: z.string(), url: z.string(), pid: z.number() });
const runFileSchema = z.object({ pid: z.number() });

export interface PageStudioOptions {
  clips: number;
  seconds: number;
  /** Default: the tiny one. */
  profile?: HouseProfile;
  /** The clips are made, but the studio is not told of their folder. */
  withoutLibrary?: boolean;
}

/** A real studio for page tests: its own data folder, a library of generated clips, the host as its own process. */
export class PageStudio implements AsyncDisposable {
  readonly #root: string;
  readonly #profile: HouseProfile;
  readonly #withLibrary: boolean;
  #host: ChildProcess | null = null;
  /** One-time link of the running host. */
  link = '';
  url = '';

  private constructor(root: string, options: PageStudioOptions) {
    this.#root = root;
    this.#profile = options.profile ?? TINY_PROFILE;
    this.#withLibrary = options.withoutLibrary !== true;
  }

  static async start(options: PageStudioOptions): Promise<PageStudio> {
    const studio = new PageStudio(await mkdtemp(join(tmpdir(), 'vvtv-page-')), options);
    await makeClips(studio.library, options.clips, options.seconds);
    await studio.startHost();
    return studio;
  }

  /** Folder of the clips. */
  get library(): string {
    return join(this.#root, 'library');
  }

  get dataDir(): string {
    return join(this.#root, 'data');
  }

  /** Starts the host (again) on the same data folder and waits until it greets. */
  async startHost(): Promise<void> {
    const profile = JSON.stringify(this.#profile);
    const args = [CLI, '--data', this.dataDir, '--json', 'run', '--profile', profile];
    if (this.#withLibrary) args.push('--library', this.library);
    const host = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#host = host;
    let complaints = '';
    host.stderr.on('data', (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-4000);
    });
    const lines = createInterface({ input: host.stdout });
    const line = await Promise.race([
      once(lines, 'line').then(([text]: unknown[]) => String(text)),
      once(host, 'exit').then(() => null),
    ]);
    if (line === null) throw new Error(`the host did not start: ${complaints}`);
    const greeting = greetingSchema.parse(JSON.parse(line));
    this.link = greeting.link;
    this.url = greeting.url;
  }

  /** A crash of the host: the channel stays on air. */
  async killHost(): Promise<void> {
    const host = this.#host;
    if (!host || host.exitCode !== null) return;
    const exited = once(host, 'exit');
    host.kill('SIGKILL');
    await exited;
  }

  /** A crash of the broadcaster: the host starts a new one. */
  async killBroadcaster(): Promise<void> {
    const text = await readFile(join(this.dataDir, 'run', 'broadcaster.json'), 'utf8');
    process.kill(runFileSchema.parse(JSON.parse(text)).pid, 'SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const host = this.#host;
    if (host && host.exitCode === null && host.signalCode === null) {
      const exited = once(host, 'exit');
      host.kill('SIGTERM');
      await exited;
    }
    await rm(this.#root, { recursive: true, force: true });
  }
}
