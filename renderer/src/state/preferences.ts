import { create } from 'zustand';

/** What this browser remembers of the operator's choices. */
interface Preferences {
  muted: boolean;
  zoom: ZoomName;
  panel: PanelName;
}
export type ZoomName = '15m' | '1h' | '6h';
export type PanelName = 'queue' | 'asRun' | 'decisions' | 'problems';

const KEY = 'vvtv.preferences';
const DEFAULTS: Preferences = { muted: true, zoom: '1h', panel: 'queue' };

function stored(): Preferences {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    if (typeof value !== 'object' || value === null) return DEFAULTS;
    const zoom = 'zoom' in value ? value.zoom : null;
    const panel = 'panel' in value ? value.panel : null;
    return {
      muted: 'muted' in value ? value.muted !== false : DEFAULTS.muted,
      zoom: zoom === '15m' || zoom === '6h' ? zoom : DEFAULTS.zoom,
      panel: panel === 'asRun' || panel === 'decisions' || panel === 'problems' ? panel : DEFAULTS.panel,
    };
  } catch {
    return DEFAULTS;
  }
}

export const usePreferences = create<Preferences>(() => stored());

/** Changes a preference and remembers it; a browser that forbids storage only forgets. */
export function prefer(change: Partial<Preferences>): void {
  usePreferences.setState(change);
  try {
    localStorage.setItem(KEY, JSON.stringify(usePreferences.getState()));
  } catch {
    // Private windows may refuse: the choice then lasts for this visit.
  }
}
