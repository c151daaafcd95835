import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type DaemonToHost, daemonToHostSchema, type HostToDaemon } from '../../core/contract/daemon-messages.ts';
import { answerStoreMessage } from '../../core/store/store-relay.ts';
import type { TemporaryStudio } from './temporary-studio.ts';

export interface ForkedDaemon extends AsyncDisposable {
  child: ChildProcess;
  messages: DaemonToHost[];
  send(message: HostToDaemon): void;
  /** Resolves with the first message (also an earlier one) that fits. */
  message(fits: (message: DaemonToHost) => boolean): Promise<DaemonToHost>;
  /** Exit code, or null when a signal ended it. */
  exited: Promise<number | null>;
}

/** A daemon as the host forks it, with its store commands answered by the studio's writer. */
export function forkDaemon(studio: TemporaryStudio, main: URL): ForkedDaemon {
  const child = fork(main, ['--data', studio.paths.root, '--channel', 'main'], {
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
    env: { ...process.env, VVTV_LOG_LEVEL: 'silent' },
  });
  const messages: DaemonToHost[] = [];
  const send = (message: HostToDaemon): void => {
    if (child.connected) child.send(message);
  };
  const waiting = new Set<() => void>();
  child.on('message', (raw) => {
    const message = daemonToHostSchema.parse(raw);
    messages.push(message);
    if (message.type === 'store') void answerStoreMessage(studio.writer, message).then(send);
    for (const check of waiting) check();
  });
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  return {
    child,
    messages,
    send,
    exited,
    message: (fits) =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = messages.find(fits);
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
