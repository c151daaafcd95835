import { runDaemon } from '../../core/store/daemon-process.ts';

/** Uses every part of the daemon frame; the topic it is woken with says what it is to do. */
runDaemon({
  name: 'example',
  async start({ store, openReader, onWake, onStop, reportProgress, signal }) {
    const reader = openReader();
    onStop(async () => {
      reader[Symbol.dispose]();
    });
    onWake(['settings'], () => {
      void Promise.all([
        store.run('setting.set', { key: 'one', value: 1 }),
        store.run('setting.set', { key: 'two', value: 2 }),
        store.run('queue.remove', { id: 'none' }),
      ]).then(() => reportProgress([job(String(reader.setting('two')))]));
    });
    onWake(['jobs'], () => {
      throw new Error('a defect');
    });
    onWake(['library'], () => {
      // Something that never ends keeps the process alive.
      signal.addEventListener('abort', () => setInterval(() => {}, 1000));
      onStop(() => new Promise(() => {}));
      reportProgress([job('stuck')]);
    });
    await store.run('setting.set', { key: 'started', value: true });
  },
});

function job(title: string) {
  return {
    jobId: 'j',
    kind: 'prepare' as const,
    planId: null,
    title,
    step: 's',
    fraction: null,
    speed: null,
    encoder: null,
  };
}
