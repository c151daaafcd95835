import { ulid } from 'ulid';
import { StudioError } from '../../contract/errors.ts';
import type { Studio } from '../studio.ts';
import { DONE, procedures } from './procedures.ts';

type Where = 'end' | 'head' | { beforeId: string };

const os = procedures.queue;

/** What is on air, what is prerolled and what follows them stand among the first items. */
const HEAD_ITEMS = 8;

/** Where an item really goes: what is prerolled already stays first. */
function place(studio: Studio, where: Where, movingId: string | null): Where {
  const next = studio.view.status?.next;
  const lockedId = next?.locked ? next.queueItemId : null;
  if (lockedId === null) return where;
  if (where !== 'head' && (where === 'end' || where.beforeId !== lockedId)) return where;
  const ids = studio.reader.queue(studio.channelId, HEAD_ITEMS).map(({ item }) => item.id);
  const followers = ids.slice(ids.indexOf(lockedId) + 1).filter((id) => id !== movingId);
  const follower = followers[0];
  return follower === undefined ? 'end' : { beforeId: follower };
}

function refuseLocked(studio: Studio, id: string): void {
  const { program, next } = studio.view.status ?? {};
  if (program?.queueItemId === id) throw new StudioError('LOCKED', 'this item is on air');
  if (next?.locked && next.queueItemId === id) throw new StudioError('LOCKED', `"${next.title}" is about to air`);
}

export const queueProcedures = {
  list: os.list.handler(({ context, input }) => context.studio.view.queue(input.limit)),
  add: os.add.handler(async ({ context, input }) => {
    const { studio } = context;
    const asset = studio.reader.asset(input.assetId);
    if (!asset) throw new StudioError('NOT_FOUND', `there is no asset ${input.assetId}`);
    if (asset.state !== 'ready')
      throw new StudioError('CONFLICT', `"${asset.title}" is ${asset.state}, not ready to air`);
    const id = ulid(studio.clock.wallMs());
    await studio.store.run('queue.add', {
      id,
      channelId: studio.channelId,
      assetId: asset.id,
      where: place(studio, input.where, null),
      origin: 'operator',
      atMs: studio.clock.wallMs(),
    });
    return { id };
  }),
  move: os.move.handler(async ({ context, input }) => {
    refuseLocked(context.studio, input.id);
    const where = place(context.studio, input.where, input.id);
    await context.studio.store.run('queue.move', { id: input.id, where });
    return DONE;
  }),
  remove: os.remove.handler(async ({ context, input }) => {
    refuseLocked(context.studio, input.id);
    const removed = await context.studio.store.run('queue.remove', { id: input.id });
    if (!removed) throw new StudioError('NOT_FOUND', `there is no queue item ${input.id}`);
    const where: Where = removed.followedBy === null ? 'end' : { beforeId: removed.followedBy };
    return { undo: { assetId: removed.assetId, where } };
  }),
  asRun: os.asRun.handler(({ context, input }) => context.studio.reader.asRun(context.studio.channelId, input.limit)),
};
