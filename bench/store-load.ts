import { DEFAULT_PROFILE, profileId } from '../core/contract/profile.ts';
import type { StoreRequest } from '../core/contract/store-commands.ts';

/** Who sends load at the same time; each holds the lease of one job. */
export const SENDERS: readonly string[] = ['host', 'process0', 'process1', 'process2', 'process3', 'process4'];
/** Assets and plans that the load works on. */
export const LOAD_ASSETS = 200;

/** Commands that set the stage: a channel with prepared plans, and a queue. */
export function* stage(): Generator<StoreRequest> {
  const atMs = 1;
  yield {
    name: 'channel.ensure',
    args: { channelId: 'main', name: 'Bench', profile: DEFAULT_PROFILE, seed: 's', atMs },
  };
  const plans = Array.from({ length: LOAD_ASSETS }, (_, index) => plan(`plan-${index}`));
  yield { name: 'plan.discover', args: { channelId: 'main', plans, atMs } };
  yield { name: 'plan.select', args: { channelId: 'main', planIds: plans.map(({ id }) => id), atMs } };
  for (let index = 0; index < LOAD_ASSETS; index += 1) {
    yield { name: 'plan.transition', args: { planId: `plan-${index}`, to: 'inspecting', reason: null, atMs } };
    yield { name: 'asset.certify', args: { asset: asset(index), contentHash: `hash-${index}`, atMs } };
  }
  for (let index = 0; index < LOAD_ASSETS; index += 1) yield queueAdd(`stage-${index}`, index, 'end');
  const claim = { kinds: ['prepare'], leaseMs: 1e12, atMs };
  for (const who of SENDERS) yield { name: 'job.claim', args: { ...claim, owner: who } };
  for (const planId of claimOrder().slice(SENDERS.length)) {
    yield { name: 'job.claim', args: { ...claim, owner: 'stage' } };
    yield { name: 'job.finish', args: { jobId: `prepare:${planId}`, owner: 'stage', atMs } };
  }
}

/** Jobs of one batch are claimed in the order of their ids. */
function claimOrder(): string[] {
  return Array.from({ length: LOAD_ASSETS }, (_, index) => `plan-${index}`).sort();
}

/**
 * A day of the studio, compressed: what the daemons really send, in about the proportions in which they send it. `who`
 * keeps the ids of concurrent senders apart.
 */
export function* mixedLoad(who: string): Generator<StoreRequest> {
  const jobId = `prepare:${claimOrder()[SENDERS.indexOf(who)]}`;
  const checkpoint = { steps: ['inspect', 'loudness'], integratedLufs: -23.1, file: 'work/source.mp4' };
  for (let n = 0; ; n += 1) {
    const id = `${who}-${n}`;
    const atMs = 1_000_000 + n;
    const steps: StoreRequest[] = [
      { name: 'plan.discover', args: { channelId: 'main', plans: [plan(id)], atMs } },
      { name: 'plan.select', args: { channelId: 'main', planIds: [id], atMs } },
      { name: 'job.claim', args: { owner: who, kinds: ['transition'], leaseMs: 60_000, atMs } },
      { name: 'plan.transition', args: { planId: id, to: 'inspecting', reason: null, atMs } },
      { name: 'job.checkpoint', args: { jobId, owner: who, leaseMs: 1e12, step: 'loudness', checkpoint, atMs } },
      queueAdd(id, n % LOAD_ASSETS, 'end'),
      { name: 'queue.move', args: { id, where: 'head' } },
      { name: 'metric.add', args: { samples: [sample('cpu', atMs), sample('rss', atMs), sample('loop', atMs)] } },
      { name: 'setting.set', args: { key: `planner.draws.${who}`, value: n } },
      { name: 'decision.record', args: decision(id, atMs) },
      { name: 'incident.open', args: { ...incident(who), id, atMs } },
      { name: 'plan.transition', args: { planId: id, to: 'normalising', reason: null, atMs } },
      { name: 'incident.resolve', args: { code: 'disk_low', subject: who, atMs } },
      { name: 'plan.transition', args: { planId: id, to: 'rejected', reason: tooShort(), atMs } },
      { name: 'plan.vanish', args: { channelId: 'main', locators: [`/library/${id}.mp4`], atMs } },
      { name: 'queue.remove', args: { id } },
    ];
    yield* steps;
  }
}

function plan(id: string) {
  return { id, sourceKind: 'folder', locator: `/library/${id}.mp4`, title: id, fileBytes: 1e6, fileModifiedMs: 1 };
}

function queueAdd(id: string, asset: number, where: 'end'): StoreRequest {
  const args = { id, channelId: 'main', assetId: `asset-${asset}`, where, origin: 'operator', atMs: 1 };
  return { name: 'queue.add', args };
}

function sample(series: string, atMs: number) {
  return { series, atMs, value: atMs % 97 };
}

function decision(id: string, atMs: number) {
  const result = { assetIds: [1, 2, 3, 4, 5].map((asset) => `asset-${asset}`) };
  return { id, channelId: 'main', kind: 'bench', seed: 's:1', inputs: { bufferMs: 1 }, result, reason: 'Why.', atMs };
}

function incident(who: string) {
  return { channelId: 'main', code: 'disk_low', subject: who, severity: 'info', message: 'A bench incident.' };
}

function tooShort() {
  return { code: 'too_short', message: 'The video is too short.', gate: 'duration', value: 0.1, limit: 0.5 };
}

function asset(index: number) {
  const loudness = { integratedLufs: -16, truePeakDbtp: -1.5, rangeLu: 6 };
  const source = { container: 'mp4', durationSeconds: 60, video: 'h264', audio: 'aac', notes: ['A note.'] };
  return {
    id: `asset-${index}`,
    channelId: 'main',
    planId: `plan-${index}`,
    title: `Asset ${index}`,
    profileId: profileId(DEFAULT_PROFILE),
    frames: 1824,
    durationMs: 60_800,
    bytes: 22_000_000,
    headerHash: 'abc',
    state: 'ready',
    qa: {
      source,
      black: [{ fromSeconds: 0, toSeconds: 1 }],
      frozen: [],
      silent: [],
      interlaced: false,
      loudnessBefore: loudness,
      loudnessAfter: loudness,
      vmafMean: 95,
      vmafMin: 90,
      averageColour: '#102030',
      palette: ['#102030', '#405060', '#708090'],
      warnings: [],
    },
    filmstrip: null,
    createdAtMs: index,
    lastAiredMs: null,
    airedCount: 0,
  };
}
