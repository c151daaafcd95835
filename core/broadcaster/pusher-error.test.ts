import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pusherError } from './pusher-error.ts';

test('the cause comes out of what ffmpeg prints round it', () => {
  const refused = `[tcp @ 0x56087a066dc0] Connection to tcp://127.0.0.1:60583?tcp_nodelay=0 failed: Connection refused
[rtmp @ 0x56087a06a040] Cannot open connection tcp://127.0.0.1:60583?tcp_nodelay=0
[out#0/flv @ 0x56087a064a00] Error opening output rtmp://127.0.0.1:60583/live/key: Connection refused
Error opening output file rtmp://127.0.0.1:60583/live/key.
Error opening output files: Connection refused
`;
  assert.equal(pusherError(refused), 'Connection to tcp://127.0.0.1:60583?tcp_nodelay=0 failed: Connection refused');
  const unknown = `[tcp @ 0x557a989f3dc0] Failed to resolve hostname no-such-host.invalid: Name or service not known
[rtmp @ 0x557a989f7040] Cannot open connection tcp://no-such-host.invalid:1935?tcp_nodelay=0
Error opening output files: Input/output error
`;
  assert.equal(pusherError(unknown), 'Failed to resolve hostname no-such-host.invalid: Name or service not known');
});

test('with no cause given, what was said stands; nothing said is nothing', () => {
  assert.equal(
    pusherError('Error opening output files: Input/output error\n'),
    'Error opening output files: Input/output error',
  );
  assert.equal(pusherError(''), '');
});
