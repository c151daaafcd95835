import { readFile } from 'node:fs/promises';
import { StudioError } from '../core/contract/errors.ts';
import { DEFAULT_PROFILE, type HouseProfile, houseProfileSchema } from '../core/contract/profile.ts';

/**
 * The house profile that was asked for: JSON, or the path of a JSON file; what it leaves out is as usual. Throws
 * `BAD_ARGUMENT` naming the field.
 */
export async function parseProfile(text: string | undefined): Promise<HouseProfile | undefined> {
  if (text === undefined) return undefined;
  const json = text.trimStart().startsWith('{')
    ? text
    : await readFile(text, 'utf8').catch((cause: unknown) => {
        throw new StudioError('BAD_ARGUMENT', `the profile ${text} cannot be read`, { cause });
      });
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch (cause) {
    throw new StudioError('BAD_ARGUMENT', 'the profile is no JSON', { cause });
  }
  if (typeof given !== 'object' || given === null)
    throw new StudioError('BAD_ARGUMENT', 'the profile is no JSON object');
  const profile = houseProfileSchema.safeParse({ ...DEFAULT_PROFILE, ...given });
  if (profile.success) return profile.data;
  const issue = profile.error.issues[0];
  throw new StudioError('BAD_ARGUMENT', `the profile does not work: ${issue?.path.join('.')} ${issue?.message}`);
}

/** A TCP port, 1 to 65535. Throws `BAD_ARGUMENT`. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new StudioError('BAD_ARGUMENT', `"${text}" is no port`);
}
