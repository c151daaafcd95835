import { createInterface } from 'node:readline/promises';
import { StudioError } from '../core/contract/errors.ts';
import type { CliContext } from './cli-context.ts';

/**
 * Lets a person confirm what destroys. With `--force` nobody is asked; without a terminal (or with `--json`) nobody can
 * be, and `CONFIRMATION_NEEDED` is thrown.
 */
export async function confirm(context: CliContext, force: boolean, question: string): Promise<void> {
  if (force) return;
  if (context.json || !process.stdin.isTTY || !process.stdout.isTTY) throw refusal(question);
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await prompt.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw refusal(question);
  } finally {
    prompt.close();
  }
}

const refusal = (question: string): StudioError => new StudioError('CONFIRMATION_NEEDED', `not confirmed: ${question}`);
