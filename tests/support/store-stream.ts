import { dataPaths } from '../../core/platform/data-paths.ts';
import { startStoreWriter } from '../../core/store/writer/store-writer.ts';

/** A process with a writer that counts up in the settings, four at a time, and prints every number once it is acknowledged. */
const writer = await startStoreWriter({ paths: dataPaths(process.argv[2] ?? ''), onChanged: () => {} });
const lanes = [0, 1, 2, 3].map(async (lane) => {
  for (let n = lane; ; n += 4) {
    await writer.run('setting.set', { key: `n${n}`, value: n });
    process.stdout.write(`${n}\n`);
  }
});
await Promise.all(lanes);
