/** Shown wherever a figure is not known. Never a zero. */
export const UNKNOWN = '—';

const two = (n: number) => String(Math.floor(n)).padStart(2, '0');

/** `4:05`, `1:02:09`; negative lengths count as zero. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}

/** Time left, rounded up to a second so that it reaches 0:00 with the event: `02:13`, `1:02:09`. */
export function countdown(ms: number): string {
  const total = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(total / 3600);
  const rest = `${two((total % 3600) / 60)}:${two(total % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** `12d 04:51:09`, `04:51:09`. */
export function uptime(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(total / 86_400);
  const clock = `${two((total % 86_400) / 3600)}:${two((total % 3600) / 60)}:${two(total % 60)}`;
  return days > 0 ? `${days}d ${clock}` : clock;
}

/** Wall clock of this machine, 24 h: `21:04:37`. */
export function clock(atMs: number): string {
  const at = new Date(atMs);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `21:04`. */
export function clockMinutes(atMs: number): string {
  return clock(atMs).slice(0, 5);
}

/** Frame within the running second, `00` to `fps − 1`. */
export function frameOfSecond(atMs: number, fps: number): string {
  return two(((((atMs % 1000) + 1000) % 1000) * fps) / 1000);
}

/** `3 d 4 h`, `11 h 42 m`, `42 m`, `3 m 20 s`, `14 s`. */
export function roughly(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  if (total < 60) return `${total} s`;
  if (total < 600) return total % 60 === 0 ? `${total / 60} m` : `${Math.floor(total / 60)} m ${total % 60} s`;
  const minutes = Math.round(total / 60);
  if (minutes >= 48 * 60) return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
  return minutes < 60 ? `${minutes} m` : `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
}

/** `3.2 Mb/s`, `840 kb/s`. */
export function bitrate(kbps: number | null): string {
  if (kbps === null) return UNKNOWN;
  return kbps >= 1000 ? `${(kbps / 1000).toFixed(1)} Mb/s` : `${Math.round(kbps)} kb/s`;
}

/** `82 MB`, `212 GB`: decimal units, as disks are sold. */
export function bytes(value: number | null): string {
  if (value === null) return UNKNOWN;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let scaled = value;
  let unit = 0;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${scaled >= 10 || unit === 0 ? Math.round(scaled) : scaled.toFixed(1)} ${units[unit] ?? ''}`;
}

/** `4 318` with thin spaces. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009');
}

/** `1.4 %`, `38 %`. */
export function percent(value: number | null): string {
  if (value === null) return UNKNOWN;
  return `${value >= 10 ? Math.round(value) : value.toFixed(1)}\u2009%`;
}

/** `−16.0 LUFS`. */
export function lufs(value: number | null): string {
  return value === null ? UNKNOWN : `${signed(value, 1)} LUFS`;
}

/** With a real minus sign. */
export function signed(value: number, digits: number): string {
  const rounded = value.toFixed(digits);
  const zero = Number(rounded) === 0;
  return zero ? (0).toFixed(digits) : value < 0 ? `−${rounded.slice(1)}` : `+${rounded}`;
}
