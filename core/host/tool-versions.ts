import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Tools } from '../media/tools.ts';
import type { DataPaths } from '../platform/data-paths.ts';

const run = promisify(execFile);
const RESOURCES = fileURLToPath(new URL('../../resources', import.meta.url));

/** The media programs in use. Throws `TOOL_MISSING`. */
export async function locateStudioTools(paths: DataPaths): Promise<Tools> {
  const { locateTools } = await import('../media/tools.ts');
  return locateTools({ settings: {}, resourcesDir: RESOURCES, toolsFolder: paths.tools });
}

/** First line of both programs' `-version`, asked of the very binaries that are in use. Throws `TOOL_MISSING`. */
export async function toolVersions(paths: DataPaths): Promise<string> {
  const tools = await locateStudioTools(paths);
  const first = async (path: string): Promise<string> => {
    const { stdout } = await run(path, ['-version'], { timeout: 10_000 });
    return (stdout.split('\n')[0] ?? '').replace(/ Copyright.*$/, '');
  };
  return `${await first(tools.ffmpeg)} (${tools.ffmpeg}); ${await first(tools.ffprobe)} (${tools.ffprobe})`;
}
