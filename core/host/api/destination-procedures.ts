import { ulid } from 'ulid';
import type { Destination } from '../../contract/destination.ts';
import { StudioError } from '../../contract/errors.ts';
import type { Studio } from '../studio.ts';
import { DONE, procedures } from './procedures.ts';

const os = procedures.destinations;

function find(studio: Studio, id: string): Destination {
  const found = studio.reader.destinations(studio.channelId).find((destination) => destination.id === id);
  if (!found) throw new StudioError('NOT_FOUND', `there is no destination ${id}`);
  return found;
}

/** Adds a destination; the same address twice is one. Answers its id. */
export async function addDestination(
  studio: Pick<Studio, 'channelId' | 'clock' | 'reader' | 'store'>,
  name: string,
  url: string,
): Promise<string> {
  const known = studio.reader.destinations(studio.channelId).find((destination) => destination.url === url);
  if (known) return known.id;
  const createdAtMs = studio.clock.wallMs();
  const id = ulid(createdAtMs);
  await studio.store.run('destination.put', {
    destination: { id, channelId: studio.channelId, name, url, enabled: true, builtIn: false, createdAtMs },
  });
  return id;
}

export const destinationProcedures = {
  list: os.list.handler(({ context }) => context.studio.view.destinations()),
  add: os.add.handler(async ({ context, input }) => ({
    id: await addDestination(context.studio, input.name, input.url),
  })),
  setEnabled: os.setEnabled.handler(async ({ context, input }) => {
    find(context.studio, input.id);
    await context.studio.store.run('destination.setEnabled', input);
    return DONE;
  }),
  reconnect: os.reconnect.handler(async ({ context, input }) => {
    find(context.studio, input.id);
    await context.studio.command({ name: 'reconnect', destinationId: input.id });
    return DONE;
  }),
  test: os.test.handler(async ({ context, input }) => {
    const url = 'id' in input ? find(context.studio, input.id).url : input.url;
    const steps = await context.studio.testIngest(url);
    return { ok: steps.every(({ verdict }) => verdict !== 'failed'), steps };
  }),
  remove: os.remove.handler(async ({ context, input }) => {
    const { name, builtIn } = find(context.studio, input.id);
    if (builtIn) throw new StudioError('CONFLICT', `"${name}" is built in: it can be disabled, not removed`);
    if (!input.force) throw new StudioError('CONFIRMATION_NEEDED', `removing "${name}" forgets its stream key`);
    await context.studio.store.run('destination.remove', { id: input.id });
    return DONE;
  }),
};
