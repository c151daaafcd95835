import { StudioError } from '../../contract/errors.ts';
import { DONE, procedures } from './procedures.ts';

const os = procedures.program;

export const programProcedures = {
  take: os.take.handler(async ({ context, input }) => {
    const { studio } = context;
    const { queueItemId } = input;
    if (queueItemId === undefined) await studio.command({ name: 'take' });
    else {
      const onAir = studio.view.status?.program;
      if (onAir?.queueItemId === queueItemId) throw new StudioError('CONFLICT', `"${onAir.title}" is on air already`);
      await studio.store.run('queue.move', { id: queueItemId, where: 'head' });
      await studio.command({ name: 'take', queueItemId });
    }
    return DONE;
  }),
  skip: os.skip.handler(async ({ context }) => {
    await context.studio.command({ name: 'skip' });
    return DONE;
  }),
  hold: os.hold.handler(async ({ context, input }) => {
    await context.studio.command({ name: 'hold', on: input.on });
    return DONE;
  }),
  emergency: os.emergency.handler(async ({ context, input }) => {
    await context.studio.command({ name: 'emergency', on: input.on });
    return DONE;
  }),
};
