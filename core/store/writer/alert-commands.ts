import { storeCommandSchemas } from '../../contract/store-commands.ts';
import { perDatabase } from '../per-database.ts';
import { command } from './command.ts';

const statements = perDatabase((db) => ({
  put: db.prepare<[string, string, string, string, string, number]>(
    `INSERT INTO alert_channels (id, channel_id, name, target, min_severity, created_at_ms) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, target = excluded.target, min_severity = excluded.min_severity
     WHERE name <> excluded.name OR target <> excluded.target OR min_severity <> excluded.min_severity`,
  ),
  remove: db.prepare<[string]>('DELETE FROM alert_channels WHERE id = ?'),
  saveState: db.prepare<[string, string]>('UPDATE alert_channels SET state = ? WHERE id = ?'),
}));

/** Where alerts go, and what was told there. */
export const alertCommands = {
  'alert.putChannel': command(storeCommandSchemas['alert.putChannel'], ({ studio, touch }, { alertChannel: it }) => {
    const { changes } = statements(studio).put.run(
      it.id,
      it.channelId,
      it.name,
      JSON.stringify(it.target),
      it.minSeverity,
      it.createdAtMs,
    );
    if (changes > 0) touch('alerts');
    return null;
  }),

  'alert.removeChannel': command(storeCommandSchemas['alert.removeChannel'], ({ studio, touch }, args) => {
    if (statements(studio).remove.run(args.id).changes > 0) touch('alerts');
    return null;
  }),

  'alert.saveState': command(storeCommandSchemas['alert.saveState'], ({ studio }, args) => {
    statements(studio).saveState.run(JSON.stringify(args.state), args.id);
    return null;
  }),
};
