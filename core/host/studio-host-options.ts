import type { StudioError } from '../contract/errors.ts';
import type { HouseProfile } from '../contract/profile.ts';
import type { Logger } from '../platform/logger.ts';

export interface StudioHostOptions {
  readonly dataDir: string;
  readonly version: string;
  readonly log: Logger;
  /** Takes the log lines of the daemons. */
  readonly onLogLine: (component: string, line: string) => void;
  /** The built control room. */
  readonly pageFolder: string;
  /** Port wanted by the operator; without it the one of the last run, else a free one. */
  readonly port?: number | undefined;
  /** Changes the stored ones when given. */
  readonly name?: string | undefined;
  readonly profile?: HouseProfile | undefined;
  /** The writer thread died: nothing can be stored any more, and the host has to end. The channel stays on air. */
  readonly onFatal: (error: StudioError) => void;
  /** Called when a client asked for the graceful stop. */
  readonly onShutdownAsked: () => void;
}
