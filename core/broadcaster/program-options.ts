import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { HousePieces } from './house-pieces.ts';
import type { JournalDraft } from './journal-file.ts';
import type { QueueSource } from './queue-source.ts';

/** The splicer, as far as the programme may touch it. */
interface Cutter {
  /** The frame of the piece on air that is next to be written. */
  readonly nextFrame: number;
  setEnd(toFrame: number): void;
  cut(): void;
  cutOnGrid(): void;
}

export interface ProgramOptions {
  readonly house: HousePieces;
  readonly queue: QueueSource;
  readonly cutter: Cutter;
  readonly journal: (draft: JournalDraft) => void;
  readonly log: Logger;
  readonly clock: Clock;
  readonly emergency: boolean;
  readonly hold: boolean;
  /** Something happened that a person would notice. */
  readonly onChange: () => void;
}
