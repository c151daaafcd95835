import { resolve } from 'node:path';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { defaultDataFolder } from '../core/platform/default-data-folder.ts';

/** What every command is given: where to look and how to speak. */
export interface CliContext {
  readonly dataDir: string;
  readonly json: boolean;
  /** Width for tables. */
  readonly columns: number;
  paint(format: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', text: string): string;
  /** The answer of a command: one JSON document with `--json`, else the text. */
  answer(document: unknown, text: string): void;
  /** A remark beside the answer, for people only. */
  remark(text: string): void;
}

const TABLE_COLUMNS = 100;

/** Reads the options that every command has. */
export function cliContext(command: Command): CliContext {
  const { data, json } = command.optsWithGlobals<{ data?: string; json?: boolean }>();
  const colours = process.stdout.isTTY === true && !process.env['NO_COLOR'];
  return {
    dataDir: resolve(data ?? defaultDataFolder()),
    json: json === true,
    columns: process.stdout.isTTY ? Math.max(60, process.stdout.columns) : TABLE_COLUMNS,
    paint: (format, text) => (colours ? styleText(format, text, { validateStream: false }) : text),
    answer: (document, text) => console.log(json ? JSON.stringify(document, null, 2) : text),
    remark: (text) => {
      if (!json) console.log(text);
    },
  };
}
