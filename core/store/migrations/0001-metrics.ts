/** First shape of metrics.sqlite: one narrow row per sample, kept together by series. */
export const METRICS_0001 = `
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE samples (
  series_id INTEGER NOT NULL REFERENCES series (id),
  at_ms REAL NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (series_id, at_ms)
) STRICT, WITHOUT ROWID;
`;
