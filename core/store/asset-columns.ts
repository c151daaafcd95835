import { assetSchema, filmstripSchema, qaReportSchema } from '../contract/asset.ts';
import { jsonColumn } from './json-column.ts';

/** Select list of one asset, from a table or alias `a`. */
export const ASSET_COLUMNS = `a.id, a.channel_id AS channelId, a.plan_id AS planId, a.title, a.profile_id AS profileId,
  a.frames, a.duration_ms AS durationMs, a.bytes, a.header_hash AS headerHash, a.state, a.qa, a.filmstrip,
  a.created_at_ms AS createdAtMs, a.last_aired_ms AS lastAiredMs, a.aired_count AS airedCount`;

export const assetRowSchema = assetSchema.extend({
  qa: jsonColumn(qaReportSchema),
  filmstrip: jsonColumn(filmstripSchema).nullable(),
});
