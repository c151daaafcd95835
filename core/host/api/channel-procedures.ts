import { StudioError } from '../../contract/errors.ts';
import { DONE, procedures } from './procedures.ts';

const os = procedures.channel;

function confirm(force: boolean, what: string): void {
  if (!force) throw new StudioError('CONFIRMATION_NEEDED', `${what} takes the channel off air`);
}

export const channelProcedures = {
  get: os.get.handler(({ context }) => context.studio.channel()),
  status: os.status.handler(({ context }) => context.studio.view.status),
  live: os.live.handler(({ context, signal }) => context.studio.view.follow(signal)),
  onAir: os.onAir.handler(async ({ context }) => {
    await context.studio.goOnAir();
    return DONE;
  }),
  offAir: os.offAir.handler(async ({ context, input }) => {
    confirm(input.force, 'this');
    await context.studio.goOffAir();
    return DONE;
  }),
  shutdown: os.shutdown.handler(({ context, input }) => {
    confirm(input.force, 'stopping the host');
    context.studio.shutdown();
    return DONE;
  }),
  rename: os.rename.handler(async ({ context, input }) => {
    const { store, channelId, reader, clock } = context.studio;
    const row = reader.channel(channelId);
    if (!row) throw new StudioError('NOT_FOUND', `there is no channel ${channelId}`);
    const { profile, seed } = row;
    await store.run('channel.ensure', { channelId, name: input.name, profile, seed, atMs: clock.wallMs() });
    return DONE;
  }),
};
