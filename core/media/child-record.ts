import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { folderNames } from '../platform/folder-names.ts';
import { killTree } from '../platform/kill-tree.ts';
import type { Logger } from '../platform/logger.ts';
import { processIdentity } from '../platform/process-identity.ts';

const recordSchema = z.object({
  pid: z.number().int().positive(),
  start: z.string(),
  parentPid: z.number().int().positive(),
  parentStart: z.string(),
  command: z.string(),
});

/** Folder with one file per running tool: `<data>/run/children`. */
export function childrenFolder(runFolder: string): string {
  return join(runFolder, 'children');
}

/**
 * Puts a child on record; the returned function takes it off when it ended. `command` must be masked already. The
 * record is a second net under the lifeline, so that one which cannot be written is only logged. On Windows the system
 * itself ends our children with us, and nothing is recorded.
 */
export function recordChild(folder: string, pid: number, command: string, logger: Logger): () => Promise<void> {
  const path = join(folder, `${process.pid}-${pid}.json`);
  const written = (async () => {
    if (process.platform === 'win32') return;
    const [start, parentStart] = await Promise.all([processIdentity(pid), processIdentity(process.pid)]);
    if (start === null || parentStart === null) return;
    await mkdir(folder, { recursive: true });
    await writeFile(path, JSON.stringify({ pid, start, parentPid: process.pid, parentStart, command }));
  })().catch((error: unknown) => logger.warn({ err: error, pid, path }, 'could not put a media tool on record'));
  return async () => {
    await written;
    await rm(path, { force: true });
  };
}

/**
 * Ends tools that outlived the process that started them: those on record with the same pid and start time whose
 * parent is gone. Records of ended tools are removed. Returns the pids that were ended.
 */
export async function sweepOrphans(folder: string, logger: Logger): Promise<number[]> {
  const ended: number[] = [];
  for (const name of await recordNames(folder)) {
    const path = join(folder, name);
    const record = recordSchema.safeParse(parseJson(await readFile(path, 'utf8').catch(() => '')));
    if (record.success) {
      const { pid, start, parentPid, parentStart, command } = record.data;
      if ((await processIdentity(parentPid)) === parentStart) continue;
      if ((await processIdentity(pid)) === start && killTree(pid, 'SIGKILL')) {
        ended.push(pid);
        logger.warn({ tool: pid, command }, 'ended a media tool that had outlived its parent');
      }
    }
    await rm(path, { force: true });
  }
  return ended;
}

async function recordNames(folder: string): Promise<string[]> {
  return (await folderNames(folder)).filter((name) => name.endsWith('.json'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A half-written record says nothing: it is removed like any other unreadable one.
    return null;
  }
}
