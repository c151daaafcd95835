/**
 * What one check saw, as a sentence. `excused`: it would be a fault if nothing explained it; healthy, but no proof that a
 * fault is over. `unknown`: the check itself could not be made (a tool is missing, the database is locked); that counts as
 * healthy, with a warning, and never leads to an action. `off`: there is nothing to watch.
 */
export interface Verdict {
  readonly state: 'healthy' | 'excused' | 'unhealthy' | 'unknown' | 'off';
  readonly message: string;
}

export const healthy = (message: string): Verdict => ({ state: 'healthy', message });
export const excused = (message: string): Verdict => ({ state: 'excused', message });
export const unhealthy = (message: string): Verdict => ({ state: 'unhealthy', message });
export const unknown = (message: string): Verdict => ({ state: 'unknown', message });
export const off = (message: string): Verdict => ({ state: 'off', message });
