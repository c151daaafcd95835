/**
 * What one check saw, as a sentence. `unknown`: the check itself could not be made (a tool is missing, the database is
 * locked), or something legitimate hides what it looks for; that counts as healthy and never leads to an action.
 * `off`: there is nothing to watch.
 */
export interface Verdict {
  readonly state: 'healthy' | 'unhealthy' | 'unknown' | 'off';
  readonly message: string;
}

export const healthy = (message: string): Verdict => ({ state: 'healthy', message });
export const unhealthy = (message: string): Verdict => ({ state: 'unhealthy', message });
export const unknown = (message: string): Verdict => ({ state: 'unknown', message });
export const off = (message: string): Verdict => ({ state: 'off', message });
