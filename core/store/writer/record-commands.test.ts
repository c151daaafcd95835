import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryStudio } from '../../../tests/support/temporary-studio.ts';
import { openForReading } from '../open-database.ts';

test('an incident that is seen again is counted, a report that is sent again is not', async () => {
  await using studio = await temporaryStudio();
  const { reader, writer } = studio;
  const incident = {
    channelId: 'main',
    code: 'disk_full' as const,
    subject: 's',
    severity: 'warning' as const,
    message: 'm',
  };
  await writer.run('incident.open', { id: 'i1', ...incident, atMs: 1 });
  await writer.run('incident.open', { id: 'i1', ...incident, atMs: 1 });
  await writer.run('incident.open', { id: 'i2', ...incident, message: 'again', atMs: 5 });
  const [open, ...others] = reader.openIncidents('main');
  assert.deepEqual(others, []);
  assert.deepEqual(
    [open?.id, open?.count, open?.openedAtMs, open?.lastSeenMs, open?.message],
    ['i1', 2, 1, 5, 'again'],
  );
  await writer.run('incident.resolve', { code: 'disk_full', subject: 's', atMs: 6 });
  assert.deepEqual(reader.openIncidents('main'), []);
  await writer.run('incident.open', { id: 'i1', ...incident, atMs: 1 });
  assert.deepEqual(reader.openIncidents('main'), []);
  await writer.run('incident.open', { id: 'i3', ...incident, atMs: 7 });
  assert.equal(reader.openIncidents('main')[0]?.count, 1);
});

test('decisions, destinations, folders and figures are kept once', async () => {
  await using studio = await temporaryStudio();
  const { reader, writer } = studio;
  const decision = {
    id: 'd',
    channelId: 'main',
    kind: 'refill',
    seed: 's',
    inputs: { n: 1 },
    result: ['a'],
    reason: 'r',
  };
  const destination = {
    id: 'x',
    channelId: 'main',
    name: 'Out',
    url: 'rtmp://h/app/key',
    enabled: true,
    builtIn: false,
    createdAtMs: 1,
  };
  for (let times = 0; times < 2; times += 1)
    await Promise.all([
      writer.run('decision.record', { ...decision, atMs: 1 }),
      writer.run('destination.put', { destination }),
      writer.run('library.addFolder', { id: 'f', channelId: 'main', path: '/library', atMs: 1 }),
      writer.run('metric.add', { samples: [{ series: 'cpu', atMs: 1, value: 5 }] }),
    ]);
  assert.deepEqual(reader.decisions('main', 10), [
    { id: 'd', kind: 'refill', seed: 's', inputs: { n: 1 }, result: ['a'], reason: 'r', atMs: 1 },
  ]);
  assert.deepEqual(reader.destinations('main'), [destination]);
  assert.deepEqual(reader.libraryFolders('main'), [{ id: 'f', path: '/library', addedAtMs: 1 }]);
  await writer.run('destination.setEnabled', { id: 'x', enabled: false });
  assert.equal(reader.destinations('main')[0]?.enabled, false);
  await writer.run('destination.remove', { id: 'x' });
  await assert.rejects(writer.run('destination.setEnabled', { id: 'x', enabled: true }), { code: 'NOT_FOUND' });
  const metrics = openForReading(studio.paths.metricsDb);
  assert.deepEqual(metrics.prepare('SELECT at_ms, value FROM samples').all(), [{ at_ms: 1, value: 5 }]);
  metrics.close();
});

test('the channel keeps its seed and takes a new name; what the operator wants is remembered', async () => {
  await using studio = await temporaryStudio();
  const { reader, writer } = studio;
  const before = reader.channel('main');
  assert.ok(before);
  const version = reader.dataVersion();
  const args = { channelId: 'main', name: 'New', profile: before.profile, seed: 'other', atMs: 9 };
  await writer.run('channel.ensure', args);
  await writer.run('channel.setOnAirWanted', { channelId: 'main', wanted: true });
  assert.deepEqual(reader.channel('main'), { ...before, name: 'New', onAirWanted: true });
  assert.notEqual(reader.dataVersion(), version);
  await assert.rejects(writer.run('channel.setOnAirWanted', { channelId: 'none', wanted: true }), {
    code: 'NOT_FOUND',
  });
});

test('an incident keeps its worst severity and its history; its end is one line of it', async () => {
  await using studio = await temporaryStudio();
  const { reader, writer } = studio;
  const facts = { channelId: 'main', code: 'disk_full' as const, subject: 's' };
  await writer.run('incident.open', { id: 'i1', ...facts, severity: 'critical', message: 'full', atMs: 1 });
  await writer.run('incident.open', { id: 'i2', ...facts, severity: 'warning', message: 'still', atMs: 2 });
  for (let times = 0; times < 2; times += 1)
    await writer.run('incident.action', { id: 'a1', ...facts, message: 'space was made', atMs: 3 });
  await writer.run('incident.resolve', { code: 'disk_full', subject: 's', atMs: 4 });
  await writer.run('incident.action', { id: 'a2', ...facts, message: 'too late', atMs: 5 });
  const row = reader.incident('i1');
  assert.deepEqual([row?.severity, row?.message, row?.count, row?.resolvedAtMs], ['critical', 'still', 2, 4]);
  assert.deepEqual(
    reader.incidentEvents('i1').map(({ kind, message }) => `${kind}: ${message}`),
    ['seen: full', 'seen: still', 'action: space was made', 'resolved: It is over.'],
  );
  const end = row?.resolvedRow ?? 0;
  assert.equal(reader.lastResolvedRow(), end);
  assert.deepEqual(reader.incidentsToTell('main', end, []), []);
  assert.equal(reader.incidentsToTell('main', end, ['i1']).length, 1);
  assert.equal(reader.incidentsToTell('main', 0, []).length, 1);
});

test('the history of an incident that is seen for ever stays short and keeps its beginning', async () => {
  await using studio = await temporaryStudio();
  const facts = { channelId: 'main', code: 'disk_full' as const, subject: 's', severity: 'info' as const };
  await Promise.all(
    Array.from({ length: 300 }, (_, n) =>
      studio.writer.run('incident.open', { id: `i${n}`, ...facts, message: `${n}`, atMs: n }),
    ),
  );
  const events = studio.reader.incidentEvents('i0');
  assert.deepEqual([events.length, events[0]?.message, events.at(-1)?.message], [201, '0', '299']);
});
