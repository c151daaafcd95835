import type { Damage, DamageKind, DemuxEvent } from './media-unit.ts';
import {
  CONTINUITY_MASK,
  continuityCounter,
  hasPayload,
  hasTransportError,
  isRandomAccess,
  NULL_PID,
  PACKET_BYTES,
  PAT_PID,
  packetPid,
  payloadOffset,
  SYNC_BYTE,
  startsUnit,
} from './packet.ts';
import { PES_LENGTH_BASE, type PesHeader, readPesHeader } from './pes.ts';
import { type ProgramPids, readPat, readPmt } from './psi.ts';

const INITIAL_UNIT_BYTES = 64 * 1024;

/** One elementary stream: the access unit being collected and what its next packet must look like. */
class StreamState {
  readonly kind: 'video' | 'audio';
  readonly pid: number;
  /** Expected continuity counter; null before the first packet, since a piece may be opened at any GOP. */
  continuity: number | null = null;
  header: PesHeader | null = null;
  /** True once a unit started: from then on every payload must belong to one. */
  started = false;
  key = false;
  offset = 0;
  packets = Buffer.allocUnsafeSlow(INITIAL_UNIT_BYTES);
  packetBytes = 0;
  /** Bytes after the PES_packet_length field so far. */
  pesBytes = 0;

  constructor(kind: 'video' | 'audio', pid: number) {
    this.kind = kind;
    this.pid = pid;
  }

  append(chunk: Buffer, start: number, end: number): void {
    const needed = this.packetBytes + (end - start);
    if (needed > this.packets.length) {
      const larger = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(needed)));
      this.packets.copy(larger, 0, 0, this.packetBytes);
      this.packets = larger;
    }
    chunk.copy(this.packets, this.packetBytes, start, end);
    this.packetBytes = needed;
  }
}

/**
 * Incremental demultiplexer: bytes in any chunking in, access units with their whole packets out, until the first damage.
 *
 * A unit ends in one of two ways (ISO/IEC 13818-1 §2.4.3.7). When PES_packet_length is given, which the house muxer does
 * for everything below 64 kB (`-omit_video_pes_length 0`), it ends at exactly that byte, and the muxer has stuffed its last
 * packet. Otherwise it ends where the next one starts. Ending by length where possible lets a unit leave without the one
 * after it having been read, and makes missing or surplus packets visible as `pes-length` damage.
 *
 * Packets of other PIDs (PAT, PMT, SDT, stuffing) may lie anywhere, even inside a unit: ffmpeg repeats its tables
 * between the packets of a large frame.
 */
export class TsDemuxer {
  #video: StreamState | null = null;
  #audio: StreamState | null = null;
  #pids: ProgramPids | null = null;
  #pmtPid: number | null = null;
  readonly #allocate: (bytes: number) => Buffer;
  #partial = Buffer.allocUnsafeSlow(PACKET_BYTES);
  #partialBytes = 0;
  #offset: number;
  #events: DemuxEvent[] = [];
  #damage: Damage | null = null;

  /**
   * @param options `pids` and `offset`: what to listen to and the byte offset, when the reading starts inside a stream,
   * behind its tables. `allocate`: memory for the units' packets; each unit gets its own by default.
   */
  constructor(options: { pids?: ProgramPids; offset?: number; allocate?: (bytes: number) => Buffer } = {}) {
    this.#offset = options.offset ?? 0;
    this.#allocate = options.allocate ?? ((bytes) => Buffer.allocUnsafe(bytes));
    if (options.pids) this.#listen(options.pids);
  }

  /** The PIDs found or given; null before the first PMT. */
  get pids(): ProgramPids | null {
    return this.#pids;
  }

  /** The first damage, after which everything pushed is ignored. */
  get damage(): Damage | null {
    return this.#damage;
  }

  /** Takes the next bytes of the stream and returns what they completed. The bytes may be reused by the caller afterwards. */
  push(chunk: Buffer): DemuxEvent[] {
    this.#events = [];
    let position = 0;
    if (this.#partialBytes > 0) {
      position = Math.min(PACKET_BYTES - this.#partialBytes, chunk.length);
      chunk.copy(this.#partial, this.#partialBytes, 0, position);
      this.#partialBytes += position;
      if (this.#partialBytes < PACKET_BYTES) return this.#events;
      this.#partialBytes = 0;
      this.#packets(this.#partial, 0, PACKET_BYTES);
    }
    const whole = position + Math.floor((chunk.length - position) / PACKET_BYTES) * PACKET_BYTES;
    this.#packets(chunk, position, whole);
    this.#partialBytes = chunk.copy(this.#partial, 0, whole);
    return this.#events;
  }

  /** Ends the stream: returns the units that only their successor would have ended, or the damage of a cut-off stream. */
  flush(): DemuxEvent[] {
    this.#events = [];
    if (this.#partialBytes > 0) this.#fail('truncated', `${this.#partialBytes} bytes of a packet`, this.#offset);
    for (const stream of [this.#video, this.#audio]) if (stream && !this.#damage) this.#endUnit(stream, 'truncated');
    return this.#events;
  }

  #listen(pids: ProgramPids): void {
    if (this.#video?.pid === pids.videoPid && this.#audio?.pid === pids.audioPid) return;
    this.#pids = pids;
    this.#video = new StreamState('video', pids.videoPid);
    this.#audio = new StreamState('audio', pids.audioPid);
  }

  /**
   * Runs over whole packets. Consecutive packets of one stream are copied together: a keyframe is some 400 packets in a
   * row, and one large copy costs what a few small ones do.
   */
  #packets(chunk: Buffer, start: number, end: number): void {
    let runStart = start;
    let runStream: StreamState | null = null;
    let packet = start;
    for (; packet < end && !this.#damage; packet += PACKET_BYTES, this.#offset += PACKET_BYTES) {
      if (chunk[packet] !== SYNC_BYTE) {
        this.#fail('sync-lost', `byte 0x${(chunk[packet] ?? 0).toString(16)} where a packet must start`);
        break;
      }
      if (hasTransportError(chunk, packet)) {
        this.#fail('transport-error', 'transport_error_indicator is set');
        break;
      }
      const pid = packetPid(chunk, packet);
      const stream = pid === this.#video?.pid ? this.#video : pid === this.#audio?.pid ? this.#audio : null;
      if (stream !== runStream || (stream && startsUnit(chunk, packet))) {
        if (runStream) runStream.append(chunk, runStart, packet);
        runStream = null;
        runStart = packet;
      }
      if (!stream) {
        this.#table(chunk, packet, pid);
        continue;
      }
      if (!this.#accept(stream, chunk, packet)) {
        runStart = packet + PACKET_BYTES;
        continue;
      }
      runStream = stream;
      if (stream.header && stream.header.packetLength > 0 && stream.pesBytes >= stream.header.packetLength) {
        stream.append(chunk, runStart, packet + PACKET_BYTES);
        runStream = null;
        runStart = packet + PACKET_BYTES;
        this.#endUnit(stream, 'pes-length');
      }
    }
    if (runStream && !this.#damage) runStream.append(chunk, runStart, packet);
  }

  /** Checks one packet of a stream and counts its payload; false when it belongs to no unit or is damaged. */
  #accept(stream: StreamState, chunk: Buffer, packet: number): boolean {
    const counter = continuityCounter(chunk, packet);
    const withPayload = hasPayload(chunk, packet);
    const expected = stream.continuity;
    // Only packets with payload count (§2.4.3.3). The standard lets a packet be sent twice; our muxer never does.
    if (expected !== null && withPayload && counter !== expected) {
      this.#fail('continuity', `continuity counter ${counter} instead of ${expected} on PID ${stream.pid}`);
      return false;
    }
    if (withPayload) stream.continuity = (counter + 1) & CONTINUITY_MASK;
    const payload = payloadOffset(chunk, packet);
    const end = packet + PACKET_BYTES;
    if (payload > end) {
      this.#fail('adaptation-field', `adaptation field of ${chunk[packet + 4]} bytes`);
      return false;
    }
    if (startsUnit(chunk, packet)) {
      this.#endUnit(stream, 'pes-length');
      if (this.#damage) return false;
      const header = readPesHeader(chunk, payload, end);
      if (!header) {
        this.#fail('pes-header', `no PES header with a PTS on PID ${stream.pid}`);
        return false;
      }
      stream.header = header;
      stream.started = true;
      stream.key = isRandomAccess(chunk, packet);
      stream.offset = this.#offset;
      stream.pesBytes = end - payload - PES_LENGTH_BASE;
      return true;
    }
    if (!stream.header) {
      // A reading that starts inside a stream may see the tail of a unit before the first start; later it is damage.
      if (stream.started && withPayload)
        this.#fail('pes-length', `payload behind the end of a unit on PID ${stream.pid}`);
      return false;
    }
    if (withPayload) stream.pesBytes += end - payload;
    return true;
  }

  #table(chunk: Buffer, packet: number, pid: number): void {
    if (pid === NULL_PID || !startsUnit(chunk, packet)) return;
    if (pid === PAT_PID) {
      this.#pmtPid = readPat(chunk, packet);
      if (this.#pmtPid === null) this.#fail('program-tables', 'unreadable program association table');
    } else if (pid === this.#pmtPid) {
      const pids = readPmt(chunk, packet);
      if (pids) this.#listen(pids);
      else this.#fail('program-tables', 'program map table without an H.264 and an AAC stream');
    }
  }

  /** Hands out the collected unit, if there is one; `short` names the damage when bytes of it are missing. */
  #endUnit(stream: StreamState, short: 'pes-length' | 'truncated'): void {
    const { header } = stream;
    if (!header) return;
    if (header.packetLength > 0 && stream.pesBytes !== header.packetLength) {
      this.#fail(short, `a unit of ${stream.pesBytes} bytes that announced ${header.packetLength}`, stream.offset);
      return;
    }
    const packets = this.#allocate(stream.packetBytes);
    stream.packets.copy(packets, 0, 0, stream.packetBytes);
    this.#events.push({
      type: 'unit',
      kind: stream.kind,
      pts: header.pts,
      dts: header.dts,
      key: stream.key,
      offset: stream.offset,
      packets,
    });
    stream.header = null;
    stream.packetBytes = 0;
  }

  #fail(kind: DamageKind, detail: string, offset = this.#offset): void {
    if (this.#damage) return;
    this.#damage = { type: 'damage', kind, offset, detail };
    this.#events.push(this.#damage);
  }
}
