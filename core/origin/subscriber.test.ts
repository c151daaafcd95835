import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { Subscriber } from './subscriber.ts';

const FRAME = Buffer.alloc(100_000);

/** A peer that takes nothing until it is told to. */
class SlowPeer extends Writable {
  #waiting: (() => void)[] = [];

  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    this.#waiting.push(done);
  }

  /** Takes everything written so far. */
  async read(): Promise<void> {
    while (this.writableLength > 0) {
      for (const done of this.#waiting.splice(0)) done();
      await new Promise(setImmediate);
    }
  }
}

test('a player starts at a keyframe', () => {
  const peer = new SlowPeer();
  const player = new Subscriber(peer);
  assert.equal(player.send(FRAME, false), 'dropped');
  player.sendHeader(FRAME);
  assert.equal(player.send(FRAME, true), 'sent');
  assert.equal(player.send(FRAME, false), 'sent');
});

test('a player that does not read loses frames up to a keyframe at which it has caught up; memory stays bounded', async () => {
  const peer = new SlowPeer();
  const player = new Subscriber(peer);
  for (let frame = 0; frame < 1000; frame += 1) player.send(FRAME, frame % 32 === 0);
  assert.ok(peer.writableLength <= 4 * 1024 * 1024 + FRAME.length);
  assert.equal(player.send(FRAME, true), 'dropped');
  await peer.read();
  assert.equal(player.send(FRAME, false), 'dropped');
  assert.equal(player.send(FRAME, true), 'sent');
  assert.equal(player.send(FRAME, false), 'sent');
});
