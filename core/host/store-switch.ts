import { StudioError } from '../contract/errors.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import { openStudioReader } from '../store/open-studio-reader.ts';
import type { StudioReader } from '../store/studio-reader.ts';
import { type StoreWriter, type StoreWriterOptions, startStoreWriter } from '../store/writer/store-writer.ts';

/**
 * The host's store: one writer and one reader that everything holds on to, whatever database file is behind them. While
 * the file is being replaced, commands are refused (`CONFLICT`) and reads answer from the old one.
 */
export class StoreSwitch {
  readonly writer: StoreWriter;
  readonly reader: StudioReader;
  readonly #options: StoreWriterOptions;
  #writer: StoreWriter | null;
  #reader: StudioReader;

  private constructor(options: StoreWriterOptions, writer: StoreWriter, reader: StudioReader) {
    this.#options = options;
    this.#writer = writer;
    this.#reader = reader;
    this.writer = {
      run: async (name, args) => this.#current().run(name, args),
      runBatch: async (requests) => this.#current().runBatch(requests),
      maintain: async () => this.#current().maintain(),
      close: async () => this.#writer?.close(),
    };
    // Every read is a property of the reader, so that handing out the present one's properties is all there is to do.
    this.reader = new Proxy(reader, { get: (_first, key) => Reflect.get(this.#reader, key) });
  }

  /** @throws StudioError `DATABASE_NEWER` or `DATABASE_BROKEN`; the database is then as it was. */
  static async open(options: StoreWriterOptions): Promise<StoreSwitch> {
    const writer = await startStoreWriter(options);
    return new StoreSwitch(options, writer, openStudioReader(options.paths.studioDb));
  }

  get paths(): DataPaths {
    return this.#options.paths;
  }

  /**
   * Closes the writer, lets `replace` change the file, and opens again. When `replace` or the new database fails, `takeBack`
   * makes the old one be there again, and the error is thrown once that is open.
   */
  async swap(replace: () => Promise<void>, takeBack: () => void): Promise<void> {
    const before = this.#current();
    this.#writer = null;
    try {
      await before.close();
      await replace();
      await this.#reopen();
    } catch (error) {
      takeBack();
      await this.#reopen();
      throw error;
    }
  }

  async #reopen(): Promise<void> {
    const writer = await startStoreWriter(this.#options);
    const old = this.#reader;
    try {
      this.#reader = openStudioReader(this.paths.studioDb);
    } catch (error) {
      await writer.close();
      throw error;
    }
    this.#writer = writer;
    old[Symbol.dispose]();
  }

  #current(): StoreWriter {
    if (this.#writer === null) throw new StudioError('CONFLICT', 'the database is being restored just now');
    return this.#writer;
  }
}
