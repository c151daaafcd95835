import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { makeHouseClip } from '../../../tests/house-clip.ts';
import { TsDemuxer } from './demuxer.ts';
import type { DamageKind, DemuxEvent, MediaUnit } from './media-unit.ts';
import { PACKET_BYTES, packetPid, startsUnit } from './packet.ts';

let folder: string;
let stream: Buffer;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vvtv-demux-'));
  await makeHouseClip(join(folder, 'clip.ts'), { frames: 64 });
  stream = await readFile(join(folder, 'clip.ts'));
});
after(() => rm(folder, { recursive: true, force: true }));

function demux(bytes: Buffer, sizes: Iterable<number> = []): DemuxEvent[] {
  const demuxer = new TsDemuxer();
  const events: DemuxEvent[] = [];
  let position = 0;
  for (const size of sizes) {
    // A copy, wiped afterwards: the demuxer must not hold on to the caller's bytes.
    const chunk = Buffer.from(bytes.subarray(position, position + size));
    events.push(...demuxer.push(chunk));
    chunk.fill(0);
    position += size;
  }
  events.push(...demuxer.push(bytes.subarray(position)), ...demuxer.flush());
  return events;
}

const units = (events: DemuxEvent[]): MediaUnit[] => events.filter((event) => event.type === 'unit');

function damageOf(bytes: Buffer): DamageKind | null {
  const last = demux(bytes).at(-1);
  return last?.type === 'damage' ? last.kind : null;
}

/** Offsets of the packets of one PID. */
function packetsOf(pid: number): number[] {
  const offsets: number[] = [];
  for (let offset = 0; offset < stream.length; offset += PACKET_BYTES)
    if (packetPid(stream, offset) === pid) offsets.push(offset);
  return offsets;
}

test('a clip has every frame, a keyframe per GOP, and exact steps', () => {
  const all = units(demux(stream));
  const video = all.filter((unit) => unit.kind === 'video');
  const audio = all.filter((unit) => unit.kind === 'audio');
  assert.equal(video.length, 64);
  assert.deepEqual(
    video.flatMap((unit, frame) => (unit.key ? [frame] : [])),
    [0, 32],
  );
  for (const [frame, unit] of video.entries()) assert.equal(unit.pts, 1920 + frame * 3000);
  for (const [frame, unit] of audio.entries()) assert.equal(unit.pts, frame * 1920);
  const media = packetsOf(256).length + packetsOf(257).length;
  assert.equal(
    all.reduce((sum, unit) => sum + unit.packets.length, 0),
    media * PACKET_BYTES,
  );
});

test('any chunking gives the same units', () => {
  const whole = demux(stream);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 60 }), (sizes) => {
      assert.deepEqual(demux(stream, sizes), whole);
    }),
    { numRuns: 60 },
  );
});

test('reading from inside the stream with known PIDs gives the units from there on', () => {
  const all = units(demux(stream));
  const key = all.findLast((unit) => unit.key && unit.kind === 'video');
  assert.ok(key);
  const demuxer = new TsDemuxer({ pids: { videoPid: 256, audioPid: 257, pcrPid: 256 }, offset: key.offset });
  const rest = units([...demuxer.push(stream.subarray(key.offset)), ...demuxer.flush()]);
  const byOffset = (a: MediaUnit, b: MediaUnit): number => a.offset - b.offset;
  assert.deepEqual(rest.sort(byOffset), all.filter((unit) => unit.offset >= key.offset).sort(byOffset));
});

test('damage of each kind is named', () => {
  const altered = (change: (copy: Buffer) => void): Buffer => {
    const copy = Buffer.from(stream);
    change(copy);
    return copy;
  };
  const video = packetsOf(256);
  const middle = video[Math.floor(video.length / 2)] ?? 0;
  const start = video.filter((offset) => startsUnit(stream, offset))[3] ?? 0;
  const without = Buffer.concat([stream.subarray(0, middle), stream.subarray(middle + PACKET_BYTES)]);
  assert.equal(damageOf(stream), null);
  assert.equal(damageOf(without), 'continuity');
  assert.equal(damageOf(altered((copy) => copy.fill(0xaa, middle, middle + 600))), 'sync-lost');
  assert.equal(
    damageOf(altered((copy) => copy.writeUInt8((copy[middle + 1] ?? 0) | 0x80, middle + 1))),
    'transport-error',
  );
  assert.equal(damageOf(altered((copy) => copy.fill(7, start + 12, start + 24))), 'pes-header');
  assert.equal(damageOf(altered((copy) => copy.writeUInt8(255, start + 4))), 'adaptation-field');
  assert.equal(damageOf(altered((copy) => copy.writeUInt8(0x55, PACKET_BYTES + 12))), 'program-tables');
  assert.equal(damageOf(stream.subarray(0, stream.length - 100)), 'truncated');
});

test('whatever the damage, units before it are untouched and nothing is thrown', () => {
  const whole = new Map(units(demux(stream)).map((unit) => [`${unit.kind}${unit.offset}`, unit]));
  fc.assert(
    fc.property(fc.nat(stream.length - 1), fc.uint8Array({ minLength: 1, maxLength: 900 }), (at, noise) => {
      const copy = Buffer.from(stream);
      copy.set(noise.subarray(0, copy.length - at), at);
      for (const unit of units(demux(copy)))
        if (unit.offset + unit.packets.length <= at) assert.deepEqual(unit, whole.get(`${unit.kind}${unit.offset}`));
    }),
    { numRuns: 200 },
  );
});
