/**
 * Arguments of the ffmpeg that carries the channel to one destination, without touching the media.
 *
 * - `-probesize 65536 -analyzeduration 100000 -fpsprobesize 0`: the stream starts with tables and a keyframe that carries
 *   SPS and PPS, and sound within 100 ms of it, so there is nothing more to wait for. Whichever of the two limits is reached
 *   first ends the probing. An `-analyzeduration` of 0 would not be none but ffmpeg's default of seconds, which a still
 *   picture, whose GOP has fewer bytes than the probe size, then waits for.
 * - No `-fflags nobuffer`: it throws away what was read while probing, and with it the first GOP.
 * - `extract_extradata`: FLV announces SPS and PPS once; should they ever change, this makes the muxer announce again.
 * - `-rw_timeout`: a server that stops reading must end as an error, not as a process that hangs for good.
 *
 * The address, stream key included, is among the arguments and so visible to this user's and root's `ps`: ffmpeg takes an
 * output address from nowhere else. It is masked in everything that is logged.
 */
export function pusherArgs(url: string): string[] {
  const flv = /^rtmps?:/i.test(url);
  return [
    ...['-hide_banner', '-nostats', '-loglevel', 'warning', '-stats_period', '0.5', '-progress', 'pipe:1'],
    ...['-probesize', '65536', '-analyzeduration', '100000', '-fpsprobesize', '0', '-f', 'mpegts', '-i', 'pipe:0'],
    ...['-map', '0:v:0', '-map', '0:a:0', '-c', 'copy'],
    ...(flv
      ? [
          '-bsf:v',
          'extract_extradata',
          '-rw_timeout',
          '10000000',
          '-f',
          'flv',
          '-flvflags',
          'no_duration_filesize',
          url,
        ]
      : ['-f', 'mpegts', '-muxdelay', '0', '-muxpreload', '0', '-flush_packets', '1', url]),
  ];
}
