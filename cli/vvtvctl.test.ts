import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import { ERRORS } from '../core/contract/errors.ts';
import { buildProgram } from './vvtvctl.ts';

function commandsOf(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...commandsOf(child)]);
}

test('every command explains itself, and takes --json and --data', () => {
  const program = buildProgram();
  const commands = commandsOf(program);
  assert.ok(commands.length > 30);
  for (const command of commands) {
    assert.ok(command.description().length > 5, command.name());
    assert.match(command.helpInformation(), /--json[\s\S]*|--data/, command.name());
  }
});

test('the help names every exit code of the error table', () => {
  const program = buildProgram();
  let help = '';
  program.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  program.outputHelp();
  for (const { exitCode } of Object.values(ERRORS))
    assert.match(help, new RegExp(`(:|·|\\n) *${exitCode} \\w`), String(exitCode));
});

test('what is wrong is refused before anything is asked of a host', async () => {
  const program = buildProgram(true);
  for (const args of [['frobnicate'], ['queue', 'add'], ['hold', 'maybe'], ['run', '--port', 'x'], ['status', 'extra']])
    await assert.rejects(program.parseAsync(['node', 'vvtvctl', ...args]), args.join(' '));
});
