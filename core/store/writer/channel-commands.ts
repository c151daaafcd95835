import { StudioError } from '../../contract/errors.ts';
import { profileId } from '../../contract/profile.ts';
import { storeCommandSchemas } from '../../contract/store-commands.ts';
import { perDatabase } from '../per-database.ts';
import { command } from './command.ts';

const statements = perDatabase((db) => ({
  ensure: db.prepare<[string, string, string, string, string, number]>(
    `INSERT INTO channels (id, name, profile, profile_id, seed, created_at_ms) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, profile = excluded.profile, profile_id = excluded.profile_id
     WHERE name <> excluded.name OR profile <> excluded.profile`,
  ),
  exists: db.prepare<[string], { id: string }>('SELECT id FROM channels WHERE id = ?'),
  setWanted: db.prepare<[number, string, number]>(
    'UPDATE channels SET on_air_wanted = ? WHERE id = ? AND on_air_wanted <> ?',
  ),
  setSetting: db.prepare<[string, string]>(
    `INSERT INTO settings (key, value) VALUES (?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
  ),
  addFolder: db.prepare<[string, string, string, number]>(
    'INSERT INTO library_folders (id, channel_id, path, added_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  ),
  removeFolder: db.prepare<[string]>('DELETE FROM library_folders WHERE id = ?'),
}));

export const channelCommands = {
  'channel.ensure': command(storeCommandSchemas['channel.ensure'], ({ studio, touch }, args) => {
    const { changes } = statements(studio).ensure.run(
      args.channelId,
      args.name,
      JSON.stringify(args.profile),
      profileId(args.profile),
      args.seed,
      args.atMs,
    );
    if (changes > 0) touch('channel');
    return null;
  }),

  'channel.setOnAirWanted': command(storeCommandSchemas['channel.setOnAirWanted'], ({ studio, touch }, args) => {
    const wanted = args.wanted ? 1 : 0;
    if (statements(studio).exists.get(args.channelId) === undefined)
      throw new StudioError('NOT_FOUND', `there is no channel ${args.channelId}`);
    if (statements(studio).setWanted.run(wanted, args.channelId, wanted).changes > 0) touch('channel');
    return null;
  }),

  'setting.set': command(storeCommandSchemas['setting.set'], ({ studio, touch }, args) => {
    const { changes } = statements(studio).setSetting.run(args.key, JSON.stringify(args.value ?? null));
    if (changes > 0) touch('settings');
    return null;
  }),

  /** A path that is already in the library stays as it is, under its first id. */
  'library.addFolder': command(storeCommandSchemas['library.addFolder'], ({ studio, touch }, args) => {
    const { changes } = statements(studio).addFolder.run(args.id, args.channelId, args.path, args.atMs);
    if (changes > 0) touch('library');
    return null;
  }),

  'library.removeFolder': command(storeCommandSchemas['library.removeFolder'], ({ studio, touch }, args) => {
    if (statements(studio).removeFolder.run(args.id).changes > 0) touch('library');
    return null;
  }),
};
