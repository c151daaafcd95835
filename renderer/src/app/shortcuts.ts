import { skip, takeNext, toggleEmergency, toggleHold } from '../api/program-commands.ts';
import { toggleSound } from '../preview/use-preview.ts';
import { undoRemove } from '../queue/queue-commands.ts';
import { airState, isLive } from '../state/air-state.ts';
import { useChannel } from '../state/channel-store.ts';
import { useConnection } from '../state/connection-store.ts';
import { prefer, type ZoomName } from '../state/preferences.ts';
import { useStatus } from '../state/status-store.ts';
import type { strings } from '../strings.ts';

type ShortcutName = keyof typeof strings.shortcuts.list;

/** What the sheet lists, in its order. */
export const SHORTCUTS: readonly { keys: string; name: ShortcutName }[] = [
  { keys: 'T', name: 'take' },
  { keys: 'S', name: 'skip' },
  { keys: 'H', name: 'hold' },
  { keys: 'Shift E', name: 'emergency' },
  { keys: 'M', name: 'mute' },
  { keys: 'U', name: 'undo' },
  { keys: '1 2 3', name: 'zoom' },
  { keys: '0', name: 'now' },
  { keys: 'Alt ← →', name: 'move' },
  { keys: 'N', name: 'playNext' },
  { keys: 'Del', name: 'remove' },
  { keys: '?', name: 'help' },
];

const ZOOM_KEYS: Readonly<Record<string, ZoomName>> = { '1': '15m', '2': '1h', '3': '6h' };

/** Keys act on the page only when nobody types and no dialog is open. */
function isForThePage(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return false;
  const target = event.target instanceof Element ? event.target : null;
  return !target?.closest('input, textarea, select, [role="dialog"], [role="alertdialog"]');
}

function programmeIsLive(): boolean {
  const { link } = useConnection.getState();
  return isLive(airState(link, useChannel.getState().channel, useStatus.getState().status));
}

/** What a key does; false when it means nothing here. */
function act(event: KeyboardEvent, onHelp: () => void): boolean {
  const zoom = ZOOM_KEYS[event.key];
  if (zoom) prefer({ zoom });
  else if (event.key === '?') onHelp();
  else if (event.key === '0') window.dispatchEvent(new Event('vvtv:timeline-now'));
  else if (event.key === 'm' || event.key === 'M') toggleSound();
  else if (event.key === 'u' || event.key === 'U') undoRemove();
  else if (!programmeIsLive()) return false;
  else if (event.key === 't') void takeNext();
  else if (event.key === 's') void skip();
  else if (event.key === 'h') void toggleHold();
  else if (event.key === 'E' && event.shiftKey) void toggleEmergency();
  else return false;
  return true;
}

/** Listens to the keyboard until the returned function is called. */
export function listenToShortcuts(onHelp: () => void): () => void {
  const listener = (event: KeyboardEvent) => {
    if (isForThePage(event) && act(event, onHelp)) event.preventDefault();
  };
  window.addEventListener('keydown', listener);
  return () => window.removeEventListener('keydown', listener);
}
