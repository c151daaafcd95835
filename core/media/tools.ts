import { constants } from 'node:fs';
import { access, chmod, copyFile, mkdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import { publishFile } from '../platform/atomic-file.ts';

/** Paths of the two media programs. */
export interface Tools {
  ffmpeg: string;
  ffprobe: string;
}

export interface LocateToolsOptions {
  /** Paths the operator set; an empty text counts as not set. */
  settings: { ffmpegPath?: string | undefined; ffprobePath?: string | undefined };
  /** `resources/` of the app: bundled binaries lie in `ffmpeg/<platform>-<arch>/`. */
  resourcesDir: string;
  /** `<data>/tools`: where a binary is copied when it may not be run where it lies. */
  toolsFolder: string;
  environment?: NodeJS.ProcessEnv;
}

type ToolName = keyof Tools;

const require = createRequire(import.meta.url);
const suffix = process.platform === 'win32' ? '.exe' : '';

/**
 * Finds ffmpeg and ffprobe: setting, bundled binary, `ffmpeg-static`, a binary inside an npm package for the platform,
 * PATH; for ffprobe the system's own comes before `ffprobe-static`, a build of 2018. A binary that lacks the executable
 * bit gets it, or is copied into `toolsFolder` when that is not permitted. Rejects with `TOOL_MISSING` when nothing is
 * found, or when a path of the settings does not work.
 */
export async function locateTools(options: LocateToolsOptions): Promise<Tools> {
  return { ffmpeg: await locate('ffmpeg', options), ffprobe: await locate('ffprobe', options) };
}

async function locate(name: ToolName, options: LocateToolsOptions): Promise<string> {
  const set = name === 'ffmpeg' ? options.settings.ffmpegPath : options.settings.ffprobePath;
  if (set) {
    const path = await runnable(set, options.toolsFolder);
    if (path) return path;
    throw new StudioError('TOOL_MISSING', `the ${name} of the settings cannot be run: ${set}`, {
      detail: { path: set },
    });
  }
  for (const candidate of candidates(name, options)) {
    const path = await runnable(candidate, options.toolsFolder);
    if (path) return path;
  }
  throw new StudioError('TOOL_MISSING', `no ${name} was found in the app, its packages or PATH`);
}

function candidates(name: ToolName, options: LocateToolsOptions): string[] {
  const target = `${process.platform}-${process.arch}`;
  const bundled = join(options.resourcesDir, 'ffmpeg', target, name + suffix);
  const onPath = ((options.environment ?? process.env)['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name + suffix));
  if (name === 'ffmpeg') {
    return [
      bundled,
      ...inPackage('ffmpeg-static', name + suffix),
      ...inPackage(`@ffmpeg-binary/${target}`, name + suffix),
      ...onPath,
    ];
  }
  return [
    bundled,
    ...onPath,
    ...inPackage('ffprobe-static', join('bin', process.platform, process.arch, name + suffix)),
  ];
}

/** Path of a file inside an installed package, whatever its `exports` say; empty when the package is not installed. */
function inPackage(packageName: string, file: string): string[] {
  const folders = require.resolve.paths(packageName) ?? [];
  return folders.map((folder) => join(folder, packageName, file));
}

/** The path itself, or that of an executable copy; null when there is no such file or it cannot be made executable. */
async function runnable(path: string, toolsFolder: string): Promise<string | null> {
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) return null;
  if (await isExecutable(path)) return path;
  try {
    await chmod(path, info.mode | 0o111);
    if (await isExecutable(path)) return path;
  } catch {
    // Not ours to change (a read-only or foreign installation): a copy does.
  }
  return executableCopy(path, info.size, toolsFolder);
}

async function executableCopy(path: string, bytes: number, toolsFolder: string): Promise<string | null> {
  const copy = join(toolsFolder, `${bytes}-${basename(path)}`);
  if ((await stat(copy).catch(() => null))?.size === bytes && (await isExecutable(copy))) return copy;
  await mkdir(dirname(copy), { recursive: true });
  const temporary = `${copy}.${process.pid}.tmp`;
  await copyFile(path, temporary);
  await chmod(temporary, 0o755);
  await publishFile(temporary, copy);
  return (await isExecutable(copy)) ? copy : null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
