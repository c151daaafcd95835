#!/usr/bin/env node
// Plain JavaScript on purpose: it must be readable by the very Node that is too old for the rest.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `VoulezVous TV needs Node 22.18 or newer, and this is Node ${process.versions.node}: see https://nodejs.org.`,
  );
  process.exitCode = 10;
} else {
  const { prepareNode } = await import('./prepare-node.js');
  prepareNode();
  const { main } = await import('./vvtvctl.ts');
  await main(process.argv);
}
