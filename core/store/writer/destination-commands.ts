import type { Destination } from '../../contract/destination.ts';
import { StudioError } from '../../contract/errors.ts';
import { storeCommandSchemas } from '../../contract/store-commands.ts';
import { perDatabase } from '../per-database.ts';
import { command } from './command.ts';

const statements = perDatabase((db) => ({
  put: db.prepare<[string, string, string, string, number, number, number]>(
    `INSERT INTO destinations (id, channel_id, name, url, enabled, built_in, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, url = excluded.url, enabled = excluded.enabled,
       built_in = excluded.built_in
     WHERE name <> excluded.name OR url <> excluded.url OR enabled <> excluded.enabled OR built_in <> excluded.built_in`,
  ),
  exists: db.prepare<[string], { id: string }>('SELECT id FROM destinations WHERE id = ?'),
  enable: db.prepare<[number, string, number]>('UPDATE destinations SET enabled = ? WHERE id = ? AND enabled <> ?'),
  remove: db.prepare<[string]>('DELETE FROM destinations WHERE id = ?'),
}));

const bit = (value: boolean): number => (value ? 1 : 0);

export const destinationCommands = {
  'destination.put': command(storeCommandSchemas['destination.put'], ({ studio, touch }, args) => {
    const it: Destination = args.destination;
    const { changes } = statements(studio).put.run(
      it.id,
      it.channelId,
      it.name,
      it.url,
      bit(it.enabled),
      bit(it.builtIn),
      it.createdAtMs,
    );
    if (changes > 0) touch('destinations');
    return null;
  }),

  'destination.setEnabled': command(storeCommandSchemas['destination.setEnabled'], ({ studio, touch }, args) => {
    if (statements(studio).exists.get(args.id) === undefined)
      throw new StudioError('NOT_FOUND', `there is no destination ${args.id}`, { detail: { id: args.id } });
    const enabled = bit(args.enabled);
    if (statements(studio).enable.run(enabled, args.id, enabled).changes > 0) touch('destinations');
    return null;
  }),

  'destination.remove': command(storeCommandSchemas['destination.remove'], ({ studio, touch }, args) => {
    if (statements(studio).remove.run(args.id).changes > 0) touch('destinations');
    return null;
  }),
};
