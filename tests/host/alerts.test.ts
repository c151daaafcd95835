import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import { makeStudio, type StudioFixture } from '../studio-fixture.ts';
import { cleanUp, RunningHost, until, vvtvctl } from './running-host.ts';

/** From a fault on air to the person: the real host, watchdog and command line, and a receiver on loopback. */
const SECRET = 'signing-key-of-the-test';
let studio: StudioFixture;
let host: RunningHost;
let receiver: Server;
let url: string;
const received: string[] = [];

before(async () => {
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push(body);
    response.end();
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  assert.ok(address !== null && typeof address === 'object');
  url = `http://127.0.0.1:${address.port}/address-key-of-the-test`;
  studio = await makeStudio({ clips: [{ frames: 160 }] });
  await studio.store.run('channel.setOnAirWanted', { channelId: 'main', wanted: true });
  await studio.enqueue(0, 0, 0);
  await studio.store.close();
  host = await RunningHost.start(studio.paths.root);
  await host.untilAir('on_air');
});

after(async () => {
  receiver.close();
  await host?.stop();
  await cleanUp(studio.paths.root);
  await studio[Symbol.asyncDispose]();
});

async function cli(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await vvtvctl(studio.paths.root, ...args);
  assert.equal(code, 0, `${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

test('an alert channel is added, tried and listed, and its secrets never come out', async () => {
  await cli('alerts', 'add', 'Team', 'webhook', `url=${url}`, `secret=${SECRET}`);
  assert.match(await cli('alerts', 'test', 'Team'), /took the message/);
  assert.match(received[0] ?? '', /This is a test/);
  for (const list of [await cli('alerts', 'list'), await cli('--json', 'alerts', 'list')]) {
    assert.match(list, /Team/);
    assert.doesNotMatch(list, /key-of-the-test/);
  }
  const refused = await vvtvctl(studio.paths.root, 'alerts', 'add', 'Short', 'webhook', `url=${url}`, 'secret=short');
  assert.equal(refused.code, 2);
});

test('the emergency loop on air is told, its end is noted, and the postmortem has what aired', async () => {
  await cli('emergency', 'on');
  await until(() => received.some((body) => body.includes('emergency_on_air')), 20_000, 'nobody was told');
  await cli('emergency', 'off');
  const over = async () => JSON.parse(await cli('--json', 'incident', 'list', '--open')).length === 0;
  await until(over, 10_000, 'the incident does not end');
  const markdown = await cli('incident', 'show', '1', '--markdown');
  assert.match(markdown, /^# emergency on air: main/);
  assert.match(markdown, /\*\*action\*\* “Team” was told\./);
  assert.match(markdown, /\*\*resolved\*\*/);
  assert.match(markdown, /\| emergency \|/);
  assert.match(markdown, /Without programme meanwhile \| [1-9]/);
});

test('the address that the channel sends to is tested without a second publish', async () => {
  const result = JSON.parse(await cli('--json', 'destination', 'test', 'Embedded origin'));
  assert.equal(result.ok, true);
  assert.match(result.steps.at(-1).message, /left alone/);
});
