import type { HouseProfile } from '../../contract/profile.ts';
import { houseFit } from '../../media/house-format.ts';
import type { ProbedStream } from '../../media/probe.ts';
import { isHdr } from './inspect-source.ts';

/** Lines from which on an untagged picture is taken for bt.709, as players do. */
const HD_LINES = 720;

/** Luminance that becomes the white of the tone-mapped picture, cd/m² (ITU-R BT.2408 puts diffuse white at 203). */
const HDR_WHITE_NITS = 203;

/**
 * Filters from the decoded picture (already turned upright by ffmpeg) to the house frame: deinterlaced, tone-mapped, in
 * bt.709 TV range, fitted and padded. Timing comes after it (`houseTiming`).
 */
export function pictureFilter(profile: HouseProfile, video: ProbedStream | null): string {
  if (!video) return houseFit(profile);
  const before = [...deinterlace(profile, video), ...assumedColours(video)];
  return [...before, isHdr(video) ? toneMappedFit(profile, video) : houseFit(profile)].join(',');
}

/**
 * Only frames that are flagged as interlaced are touched. Fields become frames of their own where that gives smoother
 * motion at the house rate (50i at 30, 50 or 60 fps); 59.94i at 30 fps and 50i at 25 fps are a plain match.
 */
function deinterlace(profile: HouseProfile, video: ProbedStream): string[] {
  const rate = video.averageFrameRate ?? video.frameRate ?? profile.fps;
  const fields = video.interlaced && Math.abs(rate - profile.fps) / profile.fps > 0.02;
  return [`bwdif=mode=${fields ? 'send_field' : 'send_frame'}:deint=interlaced`];
}

function assumedColours(video: ProbedStream): string[] {
  const untagged =
    video.colourSpace === null && !/^(gbr|rgb|bgr|argb|abgr|pal|mono|gray)/.test(video.pixelFormat ?? '');
  const shortSide = Math.min(video.width, video.height);
  return untagged && shortSide >= HD_LINES ? ['setparams=colorspace=bt709'] : [];
}

/** Scaled first, in its own colours, since tone mapping works on floats and is the dearest step. */
function toneMappedFit(profile: HouseProfile, video: ProbedStream): string {
  const { width, height } = profile;
  const input = [
    `tin=${video.colourTransfer === 'smpte2084' ? 'smpte2084' : 'arib-std-b67'}`,
    'min=bt2020nc',
    'pin=bt2020',
    `rin=${video.colourRange === 'pc' ? 'full' : 'limited'}`,
  ].join(':');
  return [
    'scale=trunc(iw*sar/2)*2:ih',
    'setsar=1',
    `scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic`,
    'format=yuv420p10le',
    `zscale=${input}:t=linear:npl=${HDR_WHITE_NITS}`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=tonemap=mobius:desat=0',
    'zscale=t=bt709:m=bt709:r=limited',
    'format=yuv420p',
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`,
    'setsar=1',
  ].join(',');
}

/** Size of the picture inside the house frame, without the bars; the frame itself when the source's size is unknown. */
export function fittedSize(profile: HouseProfile, video: ProbedStream | null): { width: number; height: number } {
  if (!video || video.width === 0 || video.height === 0) return { width: profile.width, height: profile.height };
  const [over = 1, under = 1] = (video.sampleAspect ?? '1:1').split(':').map(Number);
  const aspect = over > 0 && under > 0 ? over / under : 1;
  const wide = Math.trunc((video.width * aspect) / 2) * 2;
  const [width, height] = video.rotation % 180 === 0 ? [wide, video.height] : [video.height, wide];
  const scale = Math.min(profile.width / width, profile.height / height);
  const even = (length: number) => Math.max(2, Math.floor((length * scale) / 2) * 2);
  return { width: even(width), height: even(height) };
}
