import { z } from 'zod';
import { assetSchema } from '../contract/asset.ts';
import { planSchema } from '../contract/plan.ts';
import { booleanColumn } from './json-column.ts';

/** An asset as the storage sees it. */
export const storedAssetSchema = z.object({
  id: z.string(),
  state: assetSchema.shape.state,
  planState: planSchema.shape.state.nullable(),
  sourceKind: planSchema.shape.sourceKind.nullable(),
  locator: z.string().nullable(),
  queued: booleanColumn,
  lastAiredMs: z.number().nullable(),
  createdAtMs: z.number(),
});
export type StoredAsset = z.infer<typeof storedAssetSchema>;
