/** What a stream is made of: one access unit (a frame of picture or of sound) with all its transport packets. */
export interface MediaUnit {
  readonly type: 'unit';
  readonly kind: 'video' | 'audio';
  /** 33-bit time stamps as they stand in the stream, 90 kHz ticks. */
  readonly pts: number;
  readonly dts: number;
  /** random_access_indicator of the first packet: for video a keyframe. */
  readonly key: boolean;
  /** Byte offset of the first packet in the stream. */
  readonly offset: number;
  /** Whole packets, in order, nothing between them. Read-only: pieces held in memory air again and again. */
  readonly packets: Buffer;
}

/**
 * Why a stream cannot be trusted any further. The house format is written by our own muxer onto our own disk, so unlike a
 * receiver of broadcasts we never resynchronise: the first damage ends the piece.
 */
export type DamageKind =
  | 'sync-lost'
  | 'transport-error'
  | 'continuity'
  | 'adaptation-field'
  | 'pes-header'
  | 'pes-length'
  | 'program-tables'
  | 'truncated';

export interface Damage {
  readonly type: 'damage';
  readonly kind: DamageKind;
  /** Byte offset of the packet in the stream. */
  readonly offset: number;
  readonly detail: string;
}

export type DemuxEvent = MediaUnit | Damage;
