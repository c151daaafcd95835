/** The parts of node-media-server 4.4.3 that the origin uses; the package ships no types. */
declare module 'node-media-server/src/protocol/rtmp.js' {
  export interface ConnectRequest {
    app: unknown;
    name: unknown;
    host: unknown;
    query: Record<string, string | string[] | undefined>;
  }

  /** One audio, video or data message. `data` is reused by the parser: copy what must outlive the callback. */
  export interface AvPacket {
    /** 8 audio, 9 video, 18 data. */
    codec_type: number;
    /** 0 audio header, 1 audio, 2 video header, 3 keyframe, 4 other video frame, 5 metadata. */
    flags: number;
    /** Milliseconds. */
    pts: number;
    dts: number;
    size: number;
    data: Buffer;
  }

  /** Server side of one RTMP connection: handshake, chunks, commands. */
  export default class Rtmp {
    onConnectCallback: (request: ConnectRequest) => void;
    onPlayCallback: () => void;
    onPushCallback: () => void;
    onPacketCallback: (packet: AvPacket) => void;
    onOutputCallback: (buffer: Buffer) => void;
    parserData(buffer: Buffer): string | null;
    /** Chunks of one message for a player. A message must have at least one byte. */
    static createMessage(packet: AvPacket): Buffer;
  }
}
