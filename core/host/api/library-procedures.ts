import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { ulid } from 'ulid';
import { StudioError } from '../../contract/errors.ts';
import type { Studio } from '../studio.ts';
import { DONE, procedures } from './procedures.ts';

/**
 * Adds a watch folder; the same folder twice is one. Answers its id. Throws `BAD_ARGUMENT` when the path is relative,
 * and `NOT_FOUND` when it is no folder that can be read now.
 */
export async function addLibraryFolder(
  studio: Pick<Studio, 'channelId' | 'clock' | 'reader' | 'store'>,
  path: string,
): Promise<string> {
  if (!isAbsolute(path)) throw new StudioError('BAD_ARGUMENT', `a library folder needs its whole path, not "${path}"`);
  const folder = resolve(path);
  const info = await stat(folder).catch((cause: unknown) => {
    throw new StudioError('NOT_FOUND', `the folder ${folder} cannot be read`, { cause });
  });
  if (!info.isDirectory()) throw new StudioError('BAD_ARGUMENT', `${folder} is not a folder`);
  const known = studio.reader.libraryFolders(studio.channelId).find((row) => row.path === folder);
  if (known) return known.id;
  const atMs = studio.clock.wallMs();
  const id = ulid(atMs);
  await studio.store.run('library.addFolder', { id, channelId: studio.channelId, path: folder, atMs });
  return id;
}

const { library, plans, assets } = procedures;

export const libraryProcedures = {
  addFolder: library.addFolder.handler(async ({ context, input }) => ({
    id: await addLibraryFolder(context.studio, input.path),
  })),
  removeFolder: library.removeFolder.handler(async ({ context, input }) => {
    const { reader, channelId, store } = context.studio;
    if (!reader.libraryFolders(channelId).some((folder) => folder.id === input.id))
      throw new StudioError('NOT_FOUND', `there is no library folder ${input.id}`);
    await store.run('library.removeFolder', { id: input.id });
    return DONE;
  }),
};

export const planProcedures = {
  list: plans.list.handler(({ context, input }) => {
    const { reader, channelId } = context.studio;
    const { states, limit, offset } = input;
    return {
      plans: reader.plans({ channelId, limit, offset, ...(states ? { states } : {}) }),
      counts: reader.planCounts(channelId),
    };
  }),
  retry: plans.retry.handler(async ({ context, input }) => {
    const { reader, store, clock } = context.studio;
    if (!reader.plan(input.id)) throw new StudioError('NOT_FOUND', `there is no plan ${input.id}`);
    await store.run('plan.retry', { planId: input.id, atMs: clock.wallMs() });
    return DONE;
  }),
};

export const assetProcedures = {
  list: assets.list.handler(({ context, input }) =>
    context.studio.reader.readyAssets(context.studio.channelId).slice(input.offset, input.offset + input.limit),
  ),
  get: assets.get.handler(({ context, input }) => {
    const asset = context.studio.reader.asset(input.id);
    if (!asset) throw new StudioError('NOT_FOUND', `there is no asset ${input.id}`);
    return asset;
  }),
};
