import type { StoreCommandName, StoreCommandResult } from '../../contract/store-commands.ts';
import { alertCommands } from './alert-commands.ts';
import { assetCommands } from './asset-commands.ts';
import { channelCommands } from './channel-commands.ts';
import type { Command } from './command.ts';
import { destinationCommands } from './destination-commands.ts';
import { jobCommands } from './job-commands.ts';
import { journalCommands } from './journal-commands.ts';
import { planCommands } from './plan-commands.ts';
import { queueCommands } from './queue-commands.ts';
import { recordCommands } from './record-commands.ts';
import { transitionCommands } from './transition-commands.ts';

const COMMANDS = {
  ...channelCommands,
  ...planCommands,
  ...jobCommands,
  ...assetCommands,
  ...transitionCommands,
  ...queueCommands,
  ...journalCommands,
  ...destinationCommands,
  ...recordCommands,
  ...alertCommands,
} satisfies { [N in StoreCommandName]: Command<StoreCommandResult<N>> };

const BY_NAME: ReadonlyMap<string, Command<unknown>> = new Map(Object.entries(COMMANDS));

/** The command of that name, or undefined: names come from other processes. */
export function findCommand(name: string): Command<unknown> | undefined {
  return BY_NAME.get(name);
}
