import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { patPacket, pmtPacket, readPat, readPmt } from './psi.ts';
import { sectionCrc } from './section-crc.ts';

const pid = fc.integer({ min: 0x10, max: 0x1ffe });

test('the CRC is that of the MPEG-2 check value', () => {
  assert.equal(sectionCrc(Buffer.from('123456789'), 0, 9), 0x0376e6e7);
});

test('PAT and PMT are read back, and any flipped bit of a section is noticed', () => {
  fc.assert(
    fc.property(pid, pid, pid, fc.nat(31 * 8), (pmtPid, videoPid, audioPid, bit) => {
      assert.equal(readPat(patPacket(pmtPid), 0), pmtPid);
      const pids = { videoPid, audioPid, pcrPid: videoPid };
      const pmt = pmtPacket(pmtPid, pids);
      assert.deepEqual(readPmt(pmt, 0), pids);
      const sectionBit = 5 * 8 + (bit % (26 * 8));
      pmt[sectionBit >> 3] = (pmt[sectionBit >> 3] ?? 0) ^ (1 << (sectionBit & 7));
      assert.equal(readPmt(pmt, 0), null);
    }),
  );
});
