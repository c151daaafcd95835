import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PublishTimeline, type TimelineFrame } from './publish-timeline.ts';

const GOP = 32;

/** What a pusher sends from keyframe `first` on: pictures of 30 fps and AAC frames, its clock starting at `clock`. */
function pusher(first: number, count: number, clock: number, programme = 'a'): TimelineFrame[] {
  const origin = (first * 1000) / 30;
  const video = Array.from({ length: count }, (_, i): TimelineFrame & { at: number } => {
    const at = ((first + i) * 1000) / 30;
    const keyframe = (first + i) % GOP === 0;
    const payload = Buffer.from(`${programme}${first + i}`);
    return { kind: 'video', keyframe, dts: Math.round(at - origin + clock), payload, at };
  });
  const sound: (TimelineFrame & { at: number })[] = [];
  const step = 1024 / 48;
  for (let n = Math.ceil(origin / step); n * step < origin + (count * 1000) / 30; n += 1) {
    const dts = Math.round(n * step - origin + clock);
    sound.push({ kind: 'audio', keyframe: false, dts, payload: Buffer.from(`${programme}s${n}`), at: n * step });
  }
  return [...video, ...sound].sort((a, b) => a.at - b.at);
}

interface Sent {
  kind: string;
  out: number;
  payload: string;
}

function send(timeline: PublishTimeline, frames: TimelineFrame[]): Sent[] {
  timeline.begin();
  return frames.flatMap((frame) => {
    const { out } = timeline.map(frame);
    return out === null ? [] : [{ kind: frame.kind, out, payload: frame.payload.toString() }];
  });
}

test('a pusher that comes back with the last keyframe continues: nothing twice, nothing lost, steps as before', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.array(fc.record({ more: fc.integer({ min: 1, max: 90 }), clock: fc.integer({ min: 0, max: 5000 }) }), {
        maxLength: 8,
      }),
      (start, restarts) => {
        const timeline = new PublishTimeline();
        let end = start;
        const sent = send(timeline, pusher(0, start, 0));
        for (const { more, clock } of restarts) {
          const key = Math.floor((end - 1) / GOP) * GOP;
          end += more;
          sent.push(...send(timeline, pusher(key, end - key, clock)));
        }
        const video = sent.filter((frame) => frame.kind === 'video');
        assert.deepEqual(
          video.map((frame) => frame.payload),
          Array.from({ length: end }, (_, n) => `a${n}`),
        );
        assertSteps(video, 33, 34, restarts.length);
        const sound = sent.filter((frame) => frame.kind === 'audio');
        assert.equal(new Set(sound.map((frame) => frame.payload)).size, sound.length);
        assertSteps(sound, 21, 22, restarts.length);
      },
    ),
  );
});

/** Each restart may round its clock one millisecond differently; otherwise steps are the nominal ones. */
function assertSteps(frames: Sent[], least: number, most: number, restarts: number): void {
  let unusual = 0;
  for (const [i, frame] of frames.entries()) {
    const step = i === 0 ? least : frame.out - (frames[i - 1]?.out ?? 0);
    if (step < least || step > most) unusual += 1;
    assert.ok(step >= least - 2 && step <= most + 2, `a step of ${step} ms`);
  }
  assert.ok(unusual <= restarts);
}

test('another programme follows right after, with one shift for sound and picture', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 100 }), fc.integer({ min: 0, max: 2 ** 31 }), (frames, clock) => {
      const timeline = new PublishTimeline();
      const before = send(timeline, pusher(0, frames, 77));
      const after = send(timeline, pusher(0, 40, clock, 'b'));
      const last = Math.max(...before.map((frame) => frame.out));
      const shifts = new Set(
        after.map((frame) => {
          const source = pusher(0, 40, clock, 'b').find(({ payload }) => payload.toString() === frame.payload);
          return frame.out - (source?.dts ?? 0);
        }),
      );
      assert.equal(shifts.size, 1);
      assert.ok(after.every((frame) => frame.out > last));
      assert.equal(after.filter((frame) => frame.kind === 'video').length, 40);
    }),
  );
});

test('frames before the first keyframe are not sent', () => {
  const timeline = new PublishTimeline();
  const sent = send(timeline, pusher(5, 60, 0));
  assert.equal(sent[0]?.payload, 'a32');
});

test('a clock that starts anew inside one connection does not break the line', () => {
  const timeline = new PublishTimeline();
  const before = send(timeline, pusher(0, 64, 2 ** 31 - 2200));
  const wrapped = pusher(64, 64, 0).flatMap((frame) => {
    const { out } = timeline.map(frame);
    return out === null ? [] : [out];
  });
  const last = Math.max(...before.map((frame) => frame.out));
  assert.ok(wrapped.length > 100);
  assert.ok(wrapped.every((out) => out > last && out < last + 5000));
});
