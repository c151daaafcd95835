/** The history of each incident, where alerts go, and what was told there. */
export const STUDIO_0002 = `
CREATE TABLE incident_events (
  id TEXT PRIMARY KEY,
  incident_id TEXT NOT NULL REFERENCES incidents (id),
  kind TEXT NOT NULL CHECK (kind IN ('seen', 'action', 'resolved')),
  message TEXT NOT NULL,
  at_ms REAL NOT NULL
) STRICT;
CREATE INDEX incident_events_by_incident ON incident_events (incident_id, at_ms);
CREATE INDEX incident_events_ends ON incident_events (kind) WHERE kind = 'resolved';
INSERT INTO incident_events (id, incident_id, kind, message, at_ms)
  SELECT id, id, 'seen', message, opened_at_ms FROM incidents;

CREATE TABLE alert_channels (
  id TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  name TEXT NOT NULL,
  target TEXT NOT NULL,
  min_severity TEXT NOT NULL CHECK (min_severity IN ('info', 'warning', 'critical')),
  state TEXT,
  created_at_ms REAL NOT NULL
) STRICT;

CREATE INDEX jobs_settled ON jobs (updated_at_ms) WHERE kind = 'prepare' AND state IN ('done', 'failed');
`;
