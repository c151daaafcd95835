import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDataFolder } from './default-data-folder.ts';

test('each platform has its usual data folder', () => {
  const of = (platform: NodeJS.Platform, env: Record<string, string> = {}, homeDir = '/home/ana') =>
    defaultDataFolder({ platform, homeDir, env });
  assert.equal(of('linux'), '/home/ana/.local/share/voulezvous-tv');
  assert.equal(of('linux', { XDG_DATA_HOME: '/srv/data' }), '/srv/data/voulezvous-tv');
  assert.equal(of('linux', { XDG_DATA_HOME: 'relative' }), '/home/ana/.local/share/voulezvous-tv');
  assert.equal(of('darwin', {}, '/Users/ana'), '/Users/ana/Library/Application Support/VoulezVous TV');
  assert.equal(
    of('win32', { LOCALAPPDATA: 'C:\\Users\\ana\\AppData\\Local' }, 'C:\\Users\\ana'),
    'C:\\Users\\ana\\AppData\\Local\\VoulezVous TV\\Data',
  );
  assert.equal(of('win32', {}, 'C:\\Users\\ana'), 'C:\\Users\\ana\\AppData\\Local\\VoulezVous TV\\Data');
  assert.equal(of('linux', { VVTV_DATA: '/x' }), '/x');
});
