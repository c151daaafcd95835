import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * `npm run bench -- NAME [args]` imports `bench/NAME.ts` and awaits its `run()`; the benchmark reads its own arguments
 * from `process.argv.slice(3)`. Without a name it lists the benchmarks (files that export `run`).
 */
async function main(): Promise<void> {
  const folder = import.meta.dirname;
  const name = process.argv[2];
  const file = name === undefined ? null : join(folder, `${name}.ts`);
  if (file === null || !/^[a-z][a-z0-9-]*$/.test(name ?? '') || !existsSync(file)) {
    if (name !== undefined) console.error(`No benchmark named ${name}.`);
    console.log(`Benchmarks (npm run bench -- NAME):\n${benchmarkNames(folder).join('\n')}`);
    process.exitCode = name === undefined ? 0 : 2;
    return;
  }
  const module: unknown = await import(pathToFileURL(file).href);
  if (typeof module === 'object' && module !== null && 'run' in module && typeof module.run === 'function') {
    await module.run();
    return;
  }
  console.error(`bench/${name}.ts exports no run().`);
  process.exitCode = 2;
}

function benchmarkNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'run.ts')
    .filter((file) => /export async function run\(/.test(readFileSync(join(folder, file), 'utf8')))
    .map((file) => file.replace(/\.ts$/, ''))
    .sort();
}

await main();
