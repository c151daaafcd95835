import { JOB_PRIORITY, type StoreCommandArgs } from '../contract/store-commands.ts';
import type { StudioReader } from '../store/studio-reader.ts';

/** Plans between `selected` and `normalising` at a time: enough to keep every encoder busy, few enough to see. */
const IN_WORK = 24;
/** Of these, places that a backlog leaves free for files that were just added. */
const FRESH_PLACES = 4;
/** With so many prepared, a shortage of space need not be made worse. */
const ENOUGH_TO_ROTATE = 12;

/**
 * Which plans to prepare next, those prepared for an earlier house format included: oldest discovery first, but a file that was discovered after everything selected so far gets
 * one of the kept places and goes ahead, so that it airs soon even behind thousands of others. Nothing while the disk is full,
 * and while space is short only what was just added: what made room is not prepared again at once.
 */
export function selectPlans(reader: StudioReader, channelId: string, atMs: number): StoreCommandArgs<'plan.select'>[] {
  const troubles = new Set(reader.openIncidents(channelId).map(({ code }) => code));
  if (troubles.has('disk_full')) return [];
  const counts = reader.planCounts(channelId);
  const short = troubles.has('storage_low') && counts.ready + counts.on_air + counts.played >= ENOUGH_TO_ROTATE;
  const inWork = counts.selected + counts.downloading + counts.inspecting + counts.normalising;
  const room = IN_WORK - inWork;
  if (room <= 0) return [];
  const outdated = reader.plansOfAnotherFormat(channelId, room - FRESH_PLACES);
  if (counts.planned + outdated.length === 0) return [];

  const everSelected = Object.values(counts).reduce((sum, count) => sum + count, 0) > counts.planned;
  const fresh = everSelected ? reader.freshPlansToSelect(channelId, Math.min(room, FRESH_PLACES)) : [];
  const freshIds = fresh.map((plan) => plan.id);
  const backlogRoom = short ? 0 : room - Math.max(FRESH_PLACES, freshIds.length);
  const backlog = backlogRoom > 0 ? reader.plansToSelect(channelId, backlogRoom + freshIds.length) : [];
  const backlogIds = [...outdated, ...backlog]
    .map((plan) => plan.id)
    .filter((id) => !freshIds.includes(id))
    .slice(0, backlogRoom);
  return [
    { channelId, planIds: freshIds, priority: JOB_PRIORITY.fresh, atMs },
    { channelId, planIds: backlogIds, priority: JOB_PRIORITY.backlog, atMs },
  ].filter(({ planIds }) => planIds.length > 0);
}
