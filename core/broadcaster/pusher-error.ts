import { meaningfulLines } from '../media/stderr-tail.ts';

/** What ffmpeg says on top of the cause: the address, which is known, and the same cause with fewer words. */
const ECHO = /^(Error opening output|Cannot open connection )/;
const LINES = 2;

/** Why a pusher ended, in ffmpeg's own words, without its echoes; empty when it said nothing. Still holds the address. */
export function pusherError(stderr: string): string {
  const said = meaningfulLines(stderr, 12);
  const causes = said.map((line) => line.replace(/^\[[^\]]*\] /, '')).filter((line) => !ECHO.test(line));
  return (causes.length > 0 ? causes : said).slice(-LINES).join(' · ');
}
