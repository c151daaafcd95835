import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws';
import { controlContract, type LiveEvent } from '../../../core/contract/control-api.ts';
import { type LinkState, StudioLink } from './studio-link.ts';

const os = implement(controlContract);
let incidentId = 0;
const router = {
  channel: {
    live: os.channel.live.handler(async function* (): AsyncGenerator<LiveEvent> {
      incidentId += 1;
      yield { type: 'decisions', decisions: [] };
      yield {
        type: 'incidents',
        incidents: [
          {
            id: String(incidentId),
            code: 'disk_full',
            subject: 's',
            severity: 'info',
            message: 'm',
            openedAtMs: 0,
            lastSeenMs: 0,
            count: 1,
          },
        ],
      };
      await new Promise(() => undefined);
    }),
    status: os.channel.status.handler(() => new Promise<null>(() => undefined)),
  },
};

let server: Server;
let url = '';
const sockets = new Set<ServerSocket>();

before(async () => {
  const handler = new RPCHandler(router);
  const wss = new WebSocketServer({ noServer: true });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    wss.handleUpgrade(request, socket, head, (ws) => {
      sockets.add(ws);
      ws.on('close', () => sockets.delete(ws));
      void handler.upgrade(ws);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  url = `ws://127.0.0.1:${address.port}/api`;
});

after(() => {
  for (const socket of sockets) socket.terminate();
  server.close();
});

/** Follows a link and lets a test wait for what it says. */
function follow(silenceMs: number) {
  const states: LinkState[] = [];
  const events: LiveEvent[] = [];
  const waiting: { until: () => boolean; resolve: () => void }[] = [];
  const check = () => {
    for (const wait of waiting) if (wait.until()) wait.resolve();
  };
  const link = new StudioLink({
    url,
    silenceMs,
    random: () => 0,
    onState: (state) => {
      states.push(state);
      check();
    },
    onEvent: (event) => {
      events.push(event);
      check();
    },
  });
  const when = (until: () => boolean) =>
    new Promise<void>((resolve) => {
      waiting.push({ until, resolve });
      check();
    });
  return { link, states, events, when };
}

test('a broken connection is told, comes back by itself and starts with a new snapshot', {
  timeout: 10_000,
}, async () => {
  const { link, states, events, when } = follow(60_000);
  link.start();
  await when(() => events.length === 2);
  for (const socket of sockets) socket.terminate();
  await when(() => states.some((state) => state.phase === 'lost'));
  assert.equal(link.client, null);
  await when(() => events.length === 4);
  assert.deepEqual(
    states.map((state) => state.phase),
    ['connecting', 'connected', 'lost', 'connected'],
  );
  const incidents = events.filter((event) => event.type === 'incidents');
  assert.notDeepEqual(incidents[0], incidents[1]);
  link.stop();
});

test('a host that stays silent and does not answer counts as lost', { timeout: 15_000 }, async () => {
  const { link, states, events, when } = follow(100);
  link.start();
  await when(() => events.length === 2);
  await when(() => states.some((state) => state.phase === 'lost'));
  link.stop();
});
