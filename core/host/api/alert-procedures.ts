import { ulid } from 'ulid';
import { DeliveryError } from '../../alerts/delivery-error.ts';
import { sendOnce } from '../../alerts/transport.ts';
import { ALERT_SETTING, alertSettings, viewAlertChannel } from '../../contract/alert.ts';
import { StudioError } from '../../contract/errors.ts';
import type { Studio } from '../studio.ts';
import { DONE, procedures } from './procedures.ts';

const os = procedures.alerts;
const TEST_DEADLINE_MS = 15_000;

function find({ reader, channelId }: Studio, id: string) {
  const found = reader.alertChannels(channelId).find(({ alertChannel }) => alertChannel.id === id);
  if (!found) throw new StudioError('NOT_FOUND', `there is no alert channel ${id}`);
  return found.alertChannel;
}

export const alertProcedures = {
  list: os.list.handler(({ context: { studio } }) => ({
    settings: alertSettings(studio.reader.setting(ALERT_SETTING)),
    channels: studio.reader
      .alertChannels(studio.channelId)
      .map(({ alertChannel, state }) => viewAlertChannel(alertChannel, state)),
  })),
  add: os.add.handler(async ({ context: { studio }, input }) => {
    const createdAtMs = studio.clock.wallMs();
    const id = ulid(createdAtMs);
    const { channelId, store } = studio;
    await store.run('alert.putChannel', { alertChannel: { id, channelId, createdAtMs, ...input } });
    return { id };
  }),
  remove: os.remove.handler(async ({ context: { studio }, input }) => {
    const { name } = find(studio, input.id);
    if (!input.force) throw new StudioError('CONFIRMATION_NEEDED', `removing "${name}" forgets its secrets`);
    await studio.store.run('alert.removeChannel', { id: input.id });
    return DONE;
  }),
  configure: os.configure.handler(async ({ context: { studio }, input }) => {
    const value = { ...alertSettings(studio.reader.setting(ALERT_SETTING)), ...input };
    await studio.store.run('setting.set', { key: ALERT_SETTING, value });
    return value;
  }),
  test: os.test.handler(async ({ context: { studio }, input }) => {
    const { name, target } = find(studio, input.id);
    const { wallMs, monotonicMs } = studio.clock;
    const [nowMs, startedMs] = [wallMs(), monotonicMs()];
    const message = 'This is a test. Alerts of the channel will arrive here.';
    const item = { change: 'opened', incidentId: 'test', code: 'alert_undeliverable', subject: name } as const;
    const items = [{ ...item, severity: 'info' as const, message, openedAtMs: nowMs, resolvedAtMs: null }];
    const signal = AbortSignal.timeout(TEST_DEADLINE_MS);
    try {
      await sendOnce(target, { id: ulid(nowMs), channelName: studio.channel().name, atMs: nowMs, items }, signal);
      return { ok: true, message: `“${name}” took the message in ${Math.round(monotonicMs() - startedMs)} ms.` };
    } catch (error) {
      if (error instanceof DeliveryError) return { ok: false, message: `“${name}” did not take it: ${error.message}.` };
      throw error;
    }
  }),
};
