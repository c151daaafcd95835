#!/usr/bin/env node
// Plain JavaScript on purpose: it must be readable by the very Node that is too old for the rest.
import { goOnWith, isNewEnough, ownNode } from './own-node.js';

const { node: version } = process.versions;
const other = isNewEnough(version) ? null : ownNode();
if (other !== null) goOnWith(other);
else if (!isNewEnough(version)) {
  console.error(`VoulezVous TV needs Node 22.18 or newer, and this is Node ${version}: see https://nodejs.org.`);
  process.exitCode = 10;
} else {
  const { prepareNode } = await import('./prepare-node.js');
  prepareNode();
  const { main } = await import('./vvtvctl.ts');
  await main(process.argv);
}
