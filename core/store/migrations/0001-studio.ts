/**
 * First shape of studio.sqlite. Times are Unix ms (REAL, since file times carry fractions); booleans are 0 or 1; columns
 * that hold JSON are validated by zod when they are read. Incidents have no foreign key to the channel: a fault may come first.
 */
export const STUDIO_0001 = `
CREATE TABLE channels (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  profile TEXT NOT NULL,
  profile_id TEXT NOT NULL,
  seed TEXT NOT NULL,
  on_air_wanted INTEGER NOT NULL DEFAULT 0 CHECK (on_air_wanted IN (0, 1)),
  journal_cursor INTEGER NOT NULL DEFAULT -1,
  created_at_ms REAL NOT NULL
) STRICT;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE library_folders (
  id TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  path TEXT NOT NULL,
  added_at_ms REAL NOT NULL,
  UNIQUE (channel_id, path)
) STRICT;

CREATE TABLE plans (
  id TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  source_kind TEXT NOT NULL CHECK (source_kind IN ('folder', 'file', 'url')),
  locator TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  file_bytes INTEGER,
  file_modified_ms REAL,
  content_hash TEXT,
  asset_id TEXT REFERENCES assets (id),
  discovered_at_ms REAL NOT NULL,
  updated_at_ms REAL NOT NULL,
  UNIQUE (channel_id, locator)
) STRICT;
CREATE INDEX plans_by_state ON plans (channel_id, state, discovered_at_ms, id);
CREATE INDEX plans_by_change ON plans (channel_id, updated_at_ms, id);
CREATE INDEX plans_by_asset ON plans (asset_id) WHERE asset_id IS NOT NULL;

CREATE TABLE assets (
  id TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  plan_id TEXT REFERENCES plans (id),
  title TEXT NOT NULL,
  profile_id TEXT NOT NULL,
  frames INTEGER NOT NULL,
  duration_ms REAL NOT NULL,
  bytes INTEGER NOT NULL,
  header_hash TEXT NOT NULL,
  content_hash TEXT,
  state TEXT NOT NULL CHECK (state IN ('ready', 'damaged', 'missing', 'retired')),
  qa TEXT NOT NULL,
  filmstrip TEXT,
  created_at_ms REAL NOT NULL,
  last_aired_ms REAL,
  aired_count INTEGER NOT NULL DEFAULT 0,
  queued_count INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX assets_by_profile ON assets (channel_id, profile_id, state, id);
CREATE INDEX assets_never_queued ON assets (channel_id, created_at_ms, id) WHERE queued_count = 0;
CREATE INDEX assets_by_content ON assets (channel_id, content_hash) WHERE content_hash IS NOT NULL;

CREATE TABLE queue (
  id TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  asset_id TEXT NOT NULL REFERENCES assets (id),
  position REAL NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'on_air')),
  origin TEXT NOT NULL CHECK (origin IN ('planner', 'operator')),
  added_at_ms REAL NOT NULL
) STRICT;
CREATE INDEX queue_in_order ON queue (channel_id, position, id);
CREATE INDEX queue_by_asset ON queue (asset_id);
CREATE UNIQUE INDEX queue_one_on_air ON queue (channel_id) WHERE state = 'on_air';

CREATE TABLE transitions (
  id TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  from_asset_id TEXT NOT NULL REFERENCES assets (id),
  to_asset_id TEXT NOT NULL REFERENCES assets (id),
  profile_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('wanted', 'ready', 'failed')),
  frames INTEGER,
  bytes INTEGER,
  header_hash TEXT,
  error TEXT,
  updated_at_ms REAL NOT NULL,
  UNIQUE (from_asset_id, to_asset_id, profile_id)
) STRICT;
CREATE INDEX transitions_wanted ON transitions (channel_id) WHERE state = 'wanted';

CREATE TABLE as_run (
  id TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  kind TEXT NOT NULL CHECK (kind IN ('asset', 'emergency', 'error', 'slate')),
  queue_item_id TEXT,
  asset_id TEXT,
  title TEXT NOT NULL,
  frames INTEGER NOT NULL,
  started_at_ms REAL NOT NULL,
  ended_at_ms REAL,
  from_frame INTEGER NOT NULL,
  to_frame INTEGER,
  end_reason TEXT
) STRICT;
CREATE INDEX as_run_by_start ON as_run (channel_id, started_at_ms, id);
CREATE INDEX as_run_by_queue_item ON as_run (queue_item_id) WHERE queue_item_id IS NOT NULL;
CREATE INDEX as_run_open ON as_run (channel_id) WHERE ended_at_ms IS NULL;

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('prepare', 'transition')),
  subject_id TEXT NOT NULL,
  priority INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  step TEXT,
  checkpoint TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  owner TEXT,
  lease_until_ms REAL,
  due_at_ms REAL NOT NULL,
  created_at_ms REAL NOT NULL,
  updated_at_ms REAL NOT NULL,
  UNIQUE (kind, subject_id)
) STRICT;
CREATE INDEX jobs_open ON jobs (priority, created_at_ms, id) WHERE state IN ('waiting', 'running');

CREATE TABLE destinations (
  id TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  built_in INTEGER NOT NULL CHECK (built_in IN (0, 1)),
  created_at_ms REAL NOT NULL
) STRICT;
CREATE INDEX destinations_by_channel ON destinations (channel_id, created_at_ms, id);

CREATE TABLE decisions (
  id TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  kind TEXT NOT NULL,
  seed TEXT,
  inputs TEXT NOT NULL,
  result TEXT NOT NULL,
  reason TEXT NOT NULL,
  at_ms REAL NOT NULL
) STRICT;
CREATE INDEX decisions_by_time ON decisions (channel_id, at_ms, id);

CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL,
  code TEXT NOT NULL,
  subject TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  message TEXT NOT NULL,
  opened_at_ms REAL NOT NULL,
  last_seen_ms REAL NOT NULL,
  last_event_id TEXT NOT NULL,
  count INTEGER NOT NULL,
  resolved_at_ms REAL
) STRICT;
CREATE UNIQUE INDEX incidents_open ON incidents (code, subject, channel_id) WHERE resolved_at_ms IS NULL;
`;
