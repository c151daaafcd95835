import { StudioError } from '../../contract/errors.ts';
import { runTool } from '../../media/run-tool.ts';
import type { Logger } from '../../platform/logger.ts';
import { IngestFailure } from './ingest-step.ts';

export interface PublishTest {
  readonly ffmpeg: string;
  /** A house-format stream: the slate. */
  readonly media: string;
  readonly url: string;
  readonly deadlineMs: number;
  readonly log: Logger;
}

/** Media sent, seconds: enough for a keyframe and for a server to change its mind. */
const MEDIA_SECONDS = '1';

/**
 * Pushes the first GOP in real time. ffmpeg opens RTMP until the server has accepted the publish, and SRT until its
 * handshake is over, so that its exit code tells. Throws an {@link IngestFailure}.
 */
export async function publishTest({ ffmpeg, media, url, deadlineMs, log }: PublishTest): Promise<void> {
  const srt = url.startsWith('srt:');
  const args = [
    ...['-hide_banner', '-nostats', '-loglevel', 'warning', '-re', '-i', media, '-t', MEDIA_SECONDS],
    ...['-map', '0:v:0', '-map', '0:a:0', '-c', 'copy'],
    ...(srt ? ['-f', 'mpegts'] : ['-bsf:v', 'extract_extradata', '-f', 'flv', '-flvflags', 'no_duration_filesize']),
    url,
  ];
  try {
    await runTool({ tool: ffmpeg, args, logger: log, deadlineMs });
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    throw new IngestFailure(sentence(error, srt));
  }
}

/** What ffmpeg's way to fail means for a person. */
function sentence({ code, message, detail }: StudioError, srt: boolean): string {
  const said = String(detail['stderrTail'] ?? message);
  if (code === 'DEADLINE')
    return srt
      ? 'No SRT listener answers there: check port, mode and firewall.'
      : 'The server greets but does not answer the request to publish: its application may be overloaded.';
  if (code !== 'TOOL_FAILED') return `The test could not run: ${message}.`;
  if (/Protocol not found/.test(said)) return 'This ffmpeg cannot send to such an address.';
  if (/BadName|already publish|StreamBusy/i.test(said))
    return 'The server refuses this stream: its key is wrong, or somebody else is sending with it.';
  if (
    /BadAuth|Unauthorized|AccessManager|NetConnection\.Connect\.Rejected|Publish\.(Denied|Rejected)|not allowed/i.test(
      said,
    )
  )
    return 'The server refuses the login or the stream key: copy the key again from your provider.';
  if (/rejected|BADSECRET|UNSECURE/i.test(said) && srt)
    return 'The SRT listener refuses the connection: check passphrase and stream id.';
  if (/timed? ?out|Connection setup failure/i.test(said) && srt)
    return 'No SRT listener answers there: check port, mode and firewall.';
  return srt
    ? 'The SRT connection failed: check port, mode, passphrase and stream id.'
    : 'The server closed the connection when asked to publish: most often the application or the stream key is wrong.';
}
