import { maskUrl } from '../contract/destination.ts';

/** Arguments that carry an address of the network: those may hold a stream key, a password or a signed query. */
const NETWORK_URL = /^(rtmps?|rtmpt?e?|srt|rist|https?|ftp|sftp|udp|tcp):\/\//i;

/** Shortest stream key worth hiding on its own: shorter ones are words like `live`, and would blot out the message. */
const MIN_SECRET_CHARACTERS = 6;

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The command as a person can paste it into a POSIX shell, with the secrets of network addresses masked. */
export function commandText(command: string, args: readonly string[]): string {
  return [command, ...args.map((arg) => (NETWORK_URL.test(arg) ? maskUrl(arg) : arg))].map(quote).join(' ');
}

/** Hides, in what a tool printed, the network addresses that were among its arguments, and their stream keys. */
export function maskOutput(text: string, args: readonly string[]): string {
  return args
    .filter((arg) => NETWORK_URL.test(arg))
    .reduce((masked, url) => {
      const whole = masked.replaceAll(url, maskUrl(url));
      const key = /[^/]+$/.exec(url)?.[0] ?? '';
      return key.length >= MIN_SECRET_CHARACTERS ? whole.replaceAll(key, '•••') : whole;
    }, text);
}
