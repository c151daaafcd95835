import { enableCompileCache } from 'node:module';

// The picture must be back quickly after a crash: compiled code of the last run saves a third of the start.
enableCompileCache();

const { broadcast } = await import('./broadcast.ts');
await broadcast(process.argv.slice(2));
