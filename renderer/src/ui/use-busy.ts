import { useCallback, useState } from 'react';

/** Runs one act at a time and says while it runs, so that its button can show it. */
export function useBusy(): [boolean, (act: () => Promise<unknown>) => void] {
  const [busy, setBusy] = useState(false);
  const run = useCallback((act: () => Promise<unknown>) => {
    setBusy(true);
    void act().finally(() => setBusy(false));
  }, []);
  return [busy, run];
}
